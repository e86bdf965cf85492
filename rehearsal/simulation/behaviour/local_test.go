package behaviour_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

func TestLocalChecksRunWhenTheyCanReadTheirInputs(t *testing.T) {
	t.Parallel()

	kind := behaviour.Kind{Defaults: in{"colour": "red"}, Local: []behaviour.Local{{
		Reads: []string{"size", "colour"}, Check: func(c *behaviour.Call) error {
			if c.Text("size") != "small" || c.Text("colour") != "red" {
				return errChecked
			}

			return nil
		},
	}}}

	hidden := resource.NewArrayProperty([]resource.PropertyValue{unknown()})

	for name, test := range map[string]struct {
		inputs resource.PropertyMap
		want   []string
	}{
		"accepted":          {resource.PropertyMap{"size": text("small")}, nil},
		"refused":           {resource.PropertyMap{"size": text("big")}, []string{"size"}},
		"missing":           {resource.PropertyMap{}, []string{"size"}},
		"unknown":           {resource.PropertyMap{"size": unknown()}, nil},
		"unknown inside":    {resource.PropertyMap{"size": hidden}, nil},
		"secret":            {resource.PropertyMap{"size": secret("big")}, nil},
		"unknown elsewhere": {resource.PropertyMap{"size": text("big"), "name": unknown()}, []string{"size"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			refused := maps.Collect(behaviour.CheckLocal(kind, behaviour.Place{}, test.inputs))
			assert.Equal(t, test.want, slices.Sorted(maps.Keys(refused)))
		})
	}
}

// The account keeps a value that it would choose itself, when the program gives none any more.
func TestRemovedInputsThatAreKept(t *testing.T) {
	t.Parallel()

	kind := box()
	kind.Kept = []string{"colour"}
	table := behaviour.NewTable([]behaviour.Kind{kind, lid(), content(), label(), note()})

	w := newWorld(t)
	w.table = table
	made := w.create("box", in{"colour": "red", "shape": "round"})

	updated, err := table.Update(w.account, made.ID, w.request("box", in{"name": "other"}))
	require.NoError(t, err)
	assert.Equal(t, "red", updated.Outputs["colour"])
	assert.NotContains(t, updated.Outputs, "shape")

	old := resource.PropertyMap{"colour": text("red"), "shape": text("x")}
	preview := behaviour.Preview(kind, resource.PropertyMap{}, old)
	assert.Equal(t, text("red"), preview["colour"])
	assert.NotContains(t, preview, resource.PropertyKey("shape"))
}

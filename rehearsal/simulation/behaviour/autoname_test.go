package behaviour_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

func naming() *behaviour.AutoName {
	return &behaviour.AutoName{Property: "name", Rival: "namePrefix", Prefix: "alias/", Limit: 20, Lower: true}
}

func apply(t *testing.T, old, inputs resource.PropertyMap) resource.PropertyMap {
	t.Helper()
	require.NoError(t, naming().Apply(behaviour.Naming{Logical: "App", Seed: []byte("seed"), Old: old}, inputs))

	return inputs
}

func TestNamesAreGenerated(t *testing.T) {
	t.Parallel()

	made := apply(t, nil, resource.PropertyMap{})
	assert.Regexp(t, `^alias/app-[0-9a-f]{7}$`, made["name"].StringValue())
	assert.Equal(t, made["name"], apply(t, nil, resource.PropertyMap{})["name"], "preview and update agree")

	capital := naming()
	capital.Lower = false
	inputs := resource.PropertyMap{}
	require.NoError(t, capital.Apply(behaviour.Naming{Logical: "App", Seed: []byte("seed")}, inputs))
	assert.Regexp(t, `^alias/App-`, inputs["name"].StringValue())
}

func TestGeneratedNamesAreKept(t *testing.T) {
	t.Parallel()

	marker := apply(t, nil, resource.PropertyMap{})["__defaults"]
	kept := resource.PropertyMap{"name": text("alias/app-0000000"), "__defaults": marker}
	again := apply(t, kept, resource.PropertyMap{})
	assert.Equal(t, kept, again, "its own name is kept")

	for name, old := range map[string]resource.PropertyMap{
		"the program's": {"name": text("given")},
		"another default": {
			"name": text("given"), "__defaults": resource.NewArrayProperty([]resource.PropertyValue{text("x")}),
		},
		"a strange marker": {"name": text("given"), "__defaults": text("name")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.NotEqual(t, text("given"), apply(t, old, resource.PropertyMap{})["name"], "the program removed it")
		})
	}
}

func TestGivenNamesAreKept(t *testing.T) {
	t.Parallel()

	given := apply(t, nil, resource.PropertyMap{"name": text("given")})
	assert.Equal(t, resource.PropertyMap{"name": text("given")}, given)
	assert.True(t, apply(t, nil, resource.PropertyMap{"name": unknown()})["name"].IsComputed())
	assert.NotContains(t, apply(t, nil, resource.PropertyMap{"namePrefix": text("p")}), resource.PropertyKey("name"))
	assert.NotEmpty(t, apply(t, nil, resource.PropertyMap{"name": resource.NewNullProperty()})["name"].StringValue())
}

func TestLongNamesAreRefused(t *testing.T) {
	t.Parallel()

	err := naming().Apply(behaviour.Naming{Logical: "a-very-long-logical-name"}, resource.PropertyMap{})
	require.ErrorContains(t, err, "naming a-very-long-logical-name")
	require.ErrorContains(t, err, "set name")
}

func TestTypesWithoutNames(t *testing.T) {
	t.Parallel()

	var none *behaviour.AutoName

	inputs := resource.PropertyMap{}
	require.NoError(t, none.Apply(behaviour.Naming{Logical: "x"}, inputs))
	assert.Empty(t, inputs)
}

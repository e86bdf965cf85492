package behaviour_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

func unknown() resource.PropertyValue { return resource.MakeComputed(resource.NewStringProperty("")) }

func TestDiff(t *testing.T) {
	t.Parallel()

	kind := behaviour.Kind{
		ForceNew: []string{"name", "network.subnetIds"}, Sets: []string{"groups", "rules", "rules.blocks"},
	}

	type in = map[string]any

	for _, test := range []struct {
		name     string
		old, new in
		want     []behaviour.Change
	}{
		{name: "the same", old: in{"a": 1}, new: in{"a": 1}},
		{name: "added", old: in{}, new: in{"a": 1}, want: []behaviour.Change{{Path: "a", Kind: plugin.DiffAdd}}},
		{name: "removed", old: in{"a": 1}, new: in{}, want: []behaviour.Change{{Path: "a", Kind: plugin.DiffDelete}}},
		{name: "a null is nothing", old: in{}, new: in{"a": nil}},
		{name: "a marker is nothing", old: in{}, new: in{"__defaults": []any{"name"}}},
		{
			name: "replaces",
			old:  in{"name": "a"},
			new:  in{"name": "b"},
			want: []behaviour.Change{{Path: "name", Kind: plugin.DiffUpdate, Replace: true}},
		},
		{
			name: "a longer name is another property",
			old:  in{"names": "a"},
			new:  in{"names": "b"},
			want: []behaviour.Change{{Path: "names", Kind: plugin.DiffUpdate}},
		},
		{name: "unknown is changed", old: in{"name": "a", "b": "x"}, new: in{"name": unknown(), "b": unknown()}, want: []behaviour.Change{
			{Path: "b", Kind: plugin.DiffUpdate}, {Path: "name", Kind: plugin.DiffUpdate, Replace: true},
		}},
		{name: "inside a list", old: in{"network": in{"subnetIds": []any{"a", "b"}, "public": true}}, new: in{"network": in{"subnetIds": []any{"a", "c"}, "public": false}}, want: []behaviour.Change{
			{Path: "network.public", Kind: plugin.DiffUpdate}, {Path: "network.subnetIds[1]", Kind: plugin.DiffUpdate, Replace: true},
		}},
		{
			name: "a block around it",
			old:  in{},
			new:  in{"network": in{"subnetIds": []any{"a"}}},
			want: []behaviour.Change{{Path: "network", Kind: plugin.DiffAdd, Replace: true}},
		},
		{
			name: "order",
			old:  in{"groups": []any{"b", "a"}, "list": []any{"b", "a"}},
			new:  in{"groups": []any{"a", "b"}, "list": []any{"b", "a"}},
		},
		{name: "order of a list", old: in{"list": []any{"b", "a"}}, new: in{"list": []any{"a", "b"}}, want: []behaviour.Change{
			{Path: "list[0]", Kind: plugin.DiffUpdate}, {Path: "list[1]", Kind: plugin.DiffUpdate},
		}},
		{
			name: "sets in sets",
			old:  in{"rules": []any{in{"p": 1, "blocks": []any{"y", "x"}}, in{"p": 2}}},
			new:  in{"rules": []any{in{"p": 2}, in{"p": 1, "blocks": []any{"x", "y"}}}},
		},
		{name: "secretness", old: in{"a": "x"}, new: in{"a": resource.MakeSecret(resource.NewStringProperty("x"))}},
		{
			name: "a secret's value",
			old:  in{"a": resource.MakeSecret(resource.NewStringProperty("x"))},
			new:  in{"a": resource.MakeSecret(resource.NewStringProperty("y"))},
			want: []behaviour.Change{{Path: "a", Kind: plugin.DiffUpdate}},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := behaviour.Diff(kind, resource.NewPropertyMapFromMap(test.old), resource.NewPropertyMapFromMap(test.new))
			assert.Equal(t, test.want, got.Changes)
		})
	}
}

func TestAutoName(t *testing.T) {
	t.Parallel()

	naming := &behaviour.AutoName{Property: "name", Rival: "namePrefix", Prefix: "alias/", Limit: 20, Lower: true}
	text := resource.NewStringProperty
	apply := func(old, inputs resource.PropertyMap) resource.PropertyMap {
		require.NoError(t, naming.Apply(behaviour.Naming{Logical: "App", Seed: []byte("seed"), Old: old}, inputs))

		return inputs
	}
	made := apply(nil, resource.PropertyMap{})
	assert.Regexp(t, `^alias/app-[0-9a-f]{7}$`, made["name"].StringValue())
	assert.Equal(t, made["name"], apply(nil, resource.PropertyMap{})["name"], "preview and update agree")
	kept := resource.PropertyMap{"name": text("alias/app-0000000"), "__defaults": made["__defaults"]}
	assert.Equal(t, kept["name"], apply(kept, resource.PropertyMap{})["name"], "its own name stays")
	assert.NotEqual(t, text("given"), apply(resource.PropertyMap{"name": text("given")}, resource.PropertyMap{})["name"], "one that the program took back does not")
	assert.Equal(t, text("given"), apply(nil, resource.PropertyMap{"name": text("given")})["name"])
	assert.NotContains(t, apply(nil, resource.PropertyMap{"namePrefix": text("p")}), resource.PropertyKey("name"))

	err := naming.Apply(behaviour.Naming{Logical: "a-very-long-logical-name"}, resource.PropertyMap{})
	require.ErrorContains(t, err, "naming a-very-long-logical-name")
	require.ErrorContains(t, err, "set name")

	var none *behaviour.AutoName
	require.NoError(t, none.Apply(behaviour.Naming{}, resource.PropertyMap{}))
}

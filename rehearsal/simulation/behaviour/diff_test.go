package behaviour_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	added, addedReplace     = plugin.DiffAdd, plugin.DiffAddReplace
	removed, removedReplace = plugin.DiffDelete, plugin.DiffDeleteReplace
	updated, updatedReplace = plugin.DiffUpdate, plugin.DiffUpdateReplace
)

func secret(value string) resource.PropertyValue { return resource.MakeSecret(text(value)) }

type diffCase struct {
	name     string
	old, now in
	want     []behaviour.Change
}

func checkDiffs(t *testing.T, cases []diffCase) {
	t.Helper()

	kind := behaviour.Kind{
		ForceNew: []string{"name", "network.subnetIds"}, Sets: []string{"groups", "rules", "rules.blocks"},
	}

	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			got := behaviour.Diff(kind, resource.NewPropertyMapFromMap(test.old), resource.NewPropertyMapFromMap(test.now))
			assert.Equal(t, test.want, got.Changes)
		})
	}
}

func TestDiffKinds(t *testing.T) {
	t.Parallel()

	checkDiffs(t, []diffCase{
		{name: "the same", old: in{"a": 1}, now: in{"a": 1}},
		{name: "added", now: in{"a": 1}, want: []behaviour.Change{{Path: "a", Kind: added}}},
		{name: "removed", old: in{"a": 1}, want: []behaviour.Change{{Path: "a", Kind: removed}}},
		{name: "updated", old: in{"a": 1}, now: in{"a": 2}, want: []behaviour.Change{{Path: "a", Kind: updated}}},
		{
			name: "another kind of value", old: in{"a": "1"}, now: in{"a": 1},
			want: []behaviour.Change{{Path: "a", Kind: updated}},
		},
		{name: "a null is nothing", now: in{"a": nil}},
		{
			name: "a value becomes null", old: in{"a": 1}, now: in{"a": nil},
			want: []behaviour.Change{{Path: "a", Kind: removed}},
		},
		{name: "a marker is nothing", now: in{"__defaults": []any{"name"}}},
		{
			name: "several, by path", old: in{"c": 1, "a": 1}, now: in{"c": 2, "b": 1},
			want: []behaviour.Change{{Path: "a", Kind: removed}, {Path: "b", Kind: added}, {Path: "c", Kind: updated}},
		},
		{
			name: "unknown is changed", old: in{"name": "a", "b": "x"}, now: in{"name": unknown(), "b": unknown()},
			want: []behaviour.Change{{Path: "b", Kind: updated}, {Path: "name", Kind: updatedReplace}},
		},
		{
			name: "unknown for the first time", now: in{"b": unknown()}, want: []behaviour.Change{{Path: "b", Kind: added}},
		},
		{
			name: "unknown at depth", old: in{"tags": in{"a": "x", "b": "y"}}, now: in{"tags": in{"a": unknown(), "b": "y"}},
			want: []behaviour.Change{{Path: "tags.a", Kind: updated}},
		},
		{name: "secretness", old: in{"a": "x"}, now: in{"a": secret("x")}},
		{name: "secretness at depth", old: in{"a": []any{in{"b": secret("x")}}}, now: in{"a": []any{in{"b": "x"}}}},
		{
			name: "a secret's value", old: in{"a": secret("x")}, now: in{"a": secret("y")},
			want: []behaviour.Change{{Path: "a", Kind: updated}},
		},
	})
}

func TestDiffReplaces(t *testing.T) {
	t.Parallel()

	checkDiffs(t, []diffCase{
		{
			name: "updated", old: in{"name": "a"}, now: in{"name": "b"},
			want: []behaviour.Change{{Path: "name", Kind: updatedReplace}},
		},
		{name: "added", now: in{"name": "b"}, want: []behaviour.Change{{Path: "name", Kind: addedReplace}}},
		{name: "removed", old: in{"name": "a"}, want: []behaviour.Change{{Path: "name", Kind: removedReplace}}},
		{
			name: "a longer name is another property", old: in{"names": "a"}, now: in{"names": "b"},
			want: []behaviour.Change{{Path: "names", Kind: updated}},
		},
		{
			name: "the same name deeper is another property", old: in{"tags": in{"name": "a"}}, now: in{
				"tags": in{"name": "b"},
			},
			want: []behaviour.Change{{Path: "tags.name", Kind: updated}},
		},
		{
			name: "inside a list",
			old:  in{"network": in{"subnetIds": []any{"a", "b"}, "public": true}},
			now:  in{"network": in{"subnetIds": []any{"a", "c"}, "public": false}},
			want: []behaviour.Change{
				{Path: "network.public", Kind: updated}, {Path: "network.subnetIds[1]", Kind: updatedReplace},
			},
		},
		{
			name: "a longer list", old: in{"network": in{"subnetIds": []any{"a"}}},
			now:  in{"network": in{"subnetIds": []any{"a", "b"}}},
			want: []behaviour.Change{{Path: "network.subnetIds[1]", Kind: addedReplace}},
		},
		{
			name: "a block around it appears", now: in{"network": in{"subnetIds": []any{"a"}}},
			want: []behaviour.Change{{Path: "network", Kind: addedReplace}},
		},
		{
			name: "a block around it is gone", old: in{"network": in{"subnetIds": []any{"a"}}},
			want: []behaviour.Change{{Path: "network", Kind: removedReplace}},
		},
		{
			name: "a block around it is unknown", old: in{"network": in{"subnetIds": []any{"a"}}}, now: in{
				"network": unknown(),
			},
			want: []behaviour.Change{{Path: "network", Kind: updatedReplace}},
		},
	})
}

func TestDiffOrder(t *testing.T) {
	t.Parallel()

	checkDiffs(t, []diffCase{
		{name: "of a set", old: in{"groups": []any{"b", "a"}}, now: in{"groups": []any{"a", "b"}}},
		{name: "of a secret set", old: in{"groups": []any{"b", secret("a")}}, now: in{"groups": []any{"a", "b"}}},
		{
			name: "of a list", old: in{"list": []any{"b", "a"}}, now: in{"list": []any{"a", "b"}},
			want: []behaviour.Change{{Path: "list[0]", Kind: updated}, {Path: "list[1]", Kind: updated}},
		},
		{
			name: "of sets in sets",
			old:  in{"rules": []any{in{"p": 1, "blocks": []any{"y", "x"}}, in{"p": 2}}},
			now:  in{"rules": []any{in{"p": 2}, in{"p": 1, "blocks": []any{"x", "y"}}}},
		},
		{
			name: "of a list in a set", old: in{"rules": []any{in{"list": []any{"a", "b"}}}},
			now: in{"rules": []any{in{"list": []any{"b", "a"}}}},
			want: []behaviour.Change{
				{Path: "rules[0].list[0]", Kind: updated}, {Path: "rules[0].list[1]", Kind: updated},
			},
		},
		{
			name: "an element is taken out of a set", old: in{"groups": []any{"b", "a"}}, now: in{"groups": []any{"b"}},
			want: []behaviour.Change{{Path: "groups[0]", Kind: updated}, {Path: "groups[1]", Kind: removed}},
		},
	})
}

func TestDeleteBeforeReplaceIfTheNameIsTaken(t *testing.T) {
	t.Parallel()

	kind := behaviour.Kind{ForceNew: []string{"name", "size"}, AutoName: &behaviour.AutoName{Property: "name"}}
	made := []any{"name"} // the provider generated it

	for _, test := range []struct {
		name     string
		kind     behaviour.Kind
		old, now in
		want     bool
	}{
		{name: "a fixed name", kind: kind, old: in{"name": "a", "size": 1}, now: in{"name": "a", "size": 2}, want: true},
		{name: "a new name", kind: kind, old: in{"name": "a", "size": 1}, now: in{"name": "b", "size": 2}},
		{name: "no replacement", kind: kind, old: in{"name": "a", "tags": 1}, now: in{"name": "a", "tags": 2}},
		{name: "nothing", kind: kind, old: in{"name": "a"}, now: in{"name": "a"}},
		{
			name: "a name of the provider", kind: kind,
			old: in{"name": "a", "size": 1, "__defaults": made}, now: in{"name": "a", "size": 2, "__defaults": made},
		},
		{name: "no name", kind: kind, old: in{"size": 1}, now: in{"size": 2}},
		{
			name: "a type without names", kind: behaviour.Kind{ForceNew: kind.ForceNew},
			old: in{"name": "a", "size": 1}, now: in{"name": "a", "size": 2},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			old, inputs := resource.NewPropertyMapFromMap(test.old), resource.NewPropertyMapFromMap(test.now)
			assert.Equal(t, test.want, behaviour.Diff(test.kind, old, inputs).DeleteBeforeReplace)
		})
	}
}

func TestReplacementsThatDependOnValues(t *testing.T) {
	t.Parallel()

	kind := behaviour.Kind{
		AutoName: &behaviour.AutoName{Property: "name"},
		ForceNewFrom: func(old, inputs resource.PropertyMap) []string {
			if len(inputs["list"].ArrayValue()) < len(old["list"].ArrayValue()) {
				return []string{"list"}
			}

			return nil
		},
	}
	diff := func(old, now []any) behaviour.Difference {
		return behaviour.Diff(kind, resource.NewPropertyMapFromMap(in{"name": "n", "list": old}),
			resource.NewPropertyMapFromMap(in{"name": "n", "list": resource.MakeSecret(resource.NewPropertyValue(now))}))
	}

	assert.Equal(t, behaviour.Difference{
		Changes: []behaviour.Change{{Path: "list[1]", Kind: removedReplace}}, DeleteBeforeReplace: true,
	}, diff([]any{1, 2}, []any{1}))
	assert.Equal(t, behaviour.Difference{
		Changes: []behaviour.Change{{Path: "list[1]", Kind: added}},
	}, diff([]any{1}, []any{1, 2}))
}

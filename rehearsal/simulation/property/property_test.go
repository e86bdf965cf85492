package property_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/property"
)

func text(value string) resource.PropertyValue { return resource.NewStringProperty(value) }

func TestPlainAndBackKeepsSecrets(t *testing.T) {
	t.Parallel()

	inner := resource.PropertyMap{"password": resource.MakeSecret(text("p")), "user": text("u")}
	values := resource.PropertyMap{
		"plain":  text("x"),
		"whole":  resource.MakeSecret(resource.NewObjectProperty(resource.PropertyMap{"a": resource.NewNumberProperty(1)})),
		"values": resource.NewObjectProperty(inner),
		"list":   resource.NewArrayProperty([]resource.PropertyValue{text("a"), resource.MakeSecret(text("b"))}),
		"a.b": resource.NewObjectProperty(resource.PropertyMap{
			"c.d": resource.MakeSecret(resource.NewBoolProperty(true)),
		}),
	}
	plain, secrets, err := property.Plain(values)
	require.NoError(t, err)
	assert.Equal(t, []string{`["a.b"]["c.d"]`, "list[1]", "values.password", "whole"}, secrets)
	assert.Equal(t, map[string]any{"password": "p", "user": "u"}, plain["values"])
	assert.Equal(t, values, property.Properties(plain, secrets))
}

func TestPlainLeavesOutNulls(t *testing.T) {
	t.Parallel()

	plain, secrets, err := property.Plain(resource.PropertyMap{"gone": resource.NewNullProperty(), "here": text("x")})
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"here": "x"}, plain)
	assert.Empty(t, secrets)
}

func TestPlainRefusesUnknownValuesByPath(t *testing.T) {
	t.Parallel()

	for name, value := range map[string]resource.PropertyValue{
		"an unknown": resource.MakeComputed(text("")),
		"an archive": resource.NewArchiveProperty(&archive.Archive{Path: "x"}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, _, err := property.Plain(resource.PropertyMap{
				"outer": resource.NewArrayProperty([]resource.PropertyValue{value}),
			})
			assert.ErrorContains(t, err, "outer[0]")
		})
	}
}

func TestPropertiesSkipsSecretsThatAreGone(t *testing.T) {
	t.Parallel()

	values := property.Properties(map[string]any{"a": "x"}, []string{"b.c", "a"})
	assert.Equal(t, resource.PropertyMap{"a": resource.MakeSecret(text("x"))}, values)
}

func TestAtWalksThroughLists(t *testing.T) {
	t.Parallel()

	values := map[string]any{
		"vpcs":   []any{map[string]any{"vpcId": "a"}, map[string]any{"vpcId": "b"}, map[string]any{}},
		"name":   "n",
		"ids":    []any{"x", "", "y"},
		"number": 1.0,
	}
	assert.Equal(t, []any{"a", "b"}, property.At(values, "vpcs.vpcId"))
	assert.Equal(t, []string{"x", "y"}, property.Texts(values, "ids"))
	assert.Equal(t, []string{"n"}, property.Texts(values, "name"))
	assert.Empty(t, property.Texts(values, "number"))
	assert.Empty(t, property.At(values, "name.deeper"))
}

func TestCloneIsDeepAndInJSONForm(t *testing.T) {
	t.Parallel()

	original := map[string]any{
		"list": []any{map[string]any{"a": 1}}, "texts": []string{"x"}, "tags": map[string]string{"k": "v"},
	}
	copied := property.Clone(original)
	list, _ := copied["list"].([]any)
	inside, _ := list[0].(map[string]any)
	inside["a"] = "changed"

	assert.Equal(t, []any{map[string]any{"a": 1}}, original["list"])
	assert.Equal(t, []any{"x"}, copied["texts"])
	assert.Equal(t, map[string]any{"k": "v"}, copied["tags"])
	assert.Equal(t, map[string]any{}, property.Clone(nil))
	assert.Equal(t, map[string]any{"n": 2.0}, property.Clone(map[string]any{"n": 2}))
}

func TestNames(t *testing.T) {
	t.Parallel()

	for path, want := range map[string]string{
		"ingress[0].cidrBlocks[1]": "ingress.cidrBlocks",
		`tags["a.b"]`:              "tags.a.b",
		"name":                     "name",
	} {
		assert.Equal(t, want, property.Names(path))
	}
}

func TestReveal(t *testing.T) {
	t.Parallel()

	known := resource.NewOutputProperty(resource.Output{Element: text("x"), Known: true, Secret: true})
	assert.Equal(t, text("x"), property.Reveal(resource.MakeSecret(known)))
	assert.True(t, property.Reveal(resource.NewOutputProperty(resource.Output{Element: text("x")})).IsComputed())
}

func TestLookup(t *testing.T) {
	t.Parallel()

	values := map[string]any{"a": map[string]any{"b": map[string]any{"c": 1.0}, "nil": nil}, "list": []any{"x"}}
	for path, want := range map[string]any{"a.b.c": 1.0, "a.nil": nil, "list": []any{"x"}} {
		found, exists := property.Lookup(values, path)
		assert.True(t, exists, path)
		assert.Equal(t, want, found, path)
	}

	for _, path := range []string{"b", "a.c", "a.b.c.d", "list.x", ""} {
		_, exists := property.Lookup(values, path)
		assert.False(t, exists, path)
	}
}

func TestPut(t *testing.T) {
	t.Parallel()

	values := map[string]any{"a": map[string]any{"b": "old"}, "text": "x"}
	property.Put(values, "a.b", "new")
	property.Put(values, "a.c", 1)
	property.Put(values, "made.on.the.way", true)
	property.Put(values, "text.inside", "nothing")
	property.Put(values, "plain", "p")
	assert.Equal(t, map[string]any{
		"a": map[string]any{"b": "new", "c": 1}, "text": "x", "plain": "p",
		"made": map[string]any{"on": map[string]any{"the": map[string]any{"way": true}}},
	}, values)
}

func TestPropertiesOfSecretsInSecrets(t *testing.T) {
	t.Parallel()

	values := resource.PropertyMap{"outer": resource.MakeSecret(resource.NewObjectProperty(resource.PropertyMap{
		"inner": resource.MakeSecret(text("x")),
	}))}
	plain, secrets, err := property.Plain(values)
	require.NoError(t, err)
	assert.Equal(t, []string{"outer", "outer.inner"}, secrets)
	assert.Equal(t, values, property.Properties(plain, secrets))
}

func TestPlainTakesKnownOutputs(t *testing.T) {
	t.Parallel()

	known := resource.NewOutputProperty(resource.Output{Element: text("x"), Known: true})
	plain, secrets, err := property.Plain(resource.PropertyMap{"a": known})
	require.NoError(t, err)
	assert.Equal(t, map[string]any{"a": "x"}, plain)
	assert.Empty(t, secrets)

	_, _, err = property.Plain(resource.PropertyMap{
		"a": resource.NewOutputProperty(resource.Output{Element: text("x")}),
	})
	require.ErrorContains(t, err, "converting property a")
}

func TestMergeOverlaysDefaults(t *testing.T) {
	t.Parallel()

	type in = map[string]any

	defaults := in{"size": 1, "config": in{"open": true, "deep": in{"a": 1, "b": 2}}, "list": []any{in{"a": 1}}}
	given := in{"config": in{"open": false, "deep": in{"b": 3}, "more": "x"}, "list": []any{in{"b": 2}}, "other": in{}}
	merged := property.Merge(defaults, given)
	assert.Equal(t, in{
		"size":   1.0,
		"config": in{"open": false, "deep": in{"a": 1.0, "b": 3.0}, "more": "x"},
		"list":   []any{in{"b": 2.0}}, "other": in{},
	}, merged, "lists are as given")

	inside, _ := merged["config"].(in)
	inside["open"] = "spoilt"

	assert.Equal(t, in{
		"config": in{"open": false, "deep": in{"b": 3}, "more": "x"}, "list": []any{in{"b": 2}},
		"other": in{},
	}, given)
	assert.Equal(t, true, defaults["config"].(in)["open"])
	assert.Equal(t, in{"config": "text"}, property.Merge(in{"config": in{"a": 1}}, in{"config": "text"}))
	assert.Equal(t, in{"config": in{}}, property.Merge(in{"config": "text"}, in{"config": in{}}))
}

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
		"a.b":    resource.NewObjectProperty(resource.PropertyMap{"c.d": resource.MakeSecret(resource.NewBoolProperty(true))}),
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

func TestPlainRefusesWhatIsNotKnownByPath(t *testing.T) {
	t.Parallel()

	for name, value := range map[string]resource.PropertyValue{
		"an unknown": resource.MakeComputed(text("")),
		"an archive": resource.NewArchiveProperty(&archive.Archive{Path: "x"}),
	} {
		t.Run(name, func(t *testing.T) {
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

	original := map[string]any{"list": []any{map[string]any{"a": 1}}, "texts": []string{"x"}, "tags": map[string]string{"k": "v"}}
	copied := property.Clone(original)
	copied["list"].([]any)[0].(map[string]any)["a"] = "changed"

	assert.Equal(t, 1, original["list"].([]any)[0].(map[string]any)["a"])
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

package behaviour_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

func TestPreviewOfACreate(t *testing.T) {
	t.Parallel()

	inputs := resource.PropertyMap{"arn": text("given"), "gone": resource.NewNullProperty(), "__defaults": text("x")}
	made := behaviour.Preview(box(), inputs, nil)
	assert.Equal(t, text("given"), made["arn"])
	assert.Equal(t, text("small"), made["size"], "defaults are known")
	assert.Equal(t, resource.NewObjectProperty(resource.PropertyMap{}), made["all"])
	assert.NotContains(t, made, resource.PropertyKey("gone"))
	assert.NotContains(t, made, resource.PropertyKey("__defaults"))

	for _, name := range []resource.PropertyKey{"copy", "state", "lidId", "version"} {
		assert.True(t, made[name].IsComputed(), name)
	}
}

func TestPreviewOfAnUpdate(t *testing.T) {
	t.Parallel()

	old := resource.PropertyMap{
		"copy": text("old"), "version": text("1"), "size": text("big"),
		"meta": resource.NewObjectProperty(resource.PropertyMap{"uid": text("u"), "gone": text("x")}),
	}
	meta := resource.PropertyMap{"more": text("y")}
	inputs := resource.PropertyMap{"tags": unknown(), "meta": resource.NewObjectProperty(meta)}
	made := behaviour.Preview(box(), inputs, old)
	assert.Equal(t, text("old"), made["copy"])
	assert.Equal(t, text("small"), made["size"], "the default is restored")
	assert.True(t, made["version"].IsComputed(), "every update changes it")
	assert.True(t, made["all"].IsComputed())
	assert.Equal(t, resource.PropertyMap{"uid": text("u"), "more": text("y")}, made["meta"].ObjectValue())
	assert.Equal(t, resource.PropertyMap{"more": text("y")}, meta, "the inputs are unchanged")
}

func TestPreviewInsideAnObject(t *testing.T) {
	t.Parallel()

	object := resource.NewObjectProperty

	for name, test := range map[string]struct{ given, want resource.PropertyValue }{
		"known": {
			given: object(resource.PropertyMap{"a": text("b")}), want: object(resource.PropertyMap{
				"a": text("b"), "uid": unknown(),
			}),
		},
		"given": {
			given: object(resource.PropertyMap{"uid": text("u")}), want: object(resource.PropertyMap{"uid": text("u")}),
		},
		"unknown": {given: unknown(), want: unknown()},
		"secret": {
			given: resource.MakeSecret(object(resource.PropertyMap{})),
			want:  resource.MakeSecret(object(resource.PropertyMap{"uid": unknown()})),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, behaviour.Preview(box(), resource.PropertyMap{"meta": test.given}, nil)["meta"])
		})
	}
}

func TestPreviewOfDefaultsInsideAnObject(t *testing.T) {
	t.Parallel()

	object := resource.NewObjectProperty
	closed, two := resource.NewBoolProperty(true), resource.NewNumberProperty(2)

	for name, test := range map[string]struct{ given, want resource.PropertyValue }{
		"given": {
			given: object(resource.PropertyMap{"closed": unknown(), "colour": text("red")}),
			want:  object(resource.PropertyMap{"closed": unknown(), "colour": text("red"), "keys": two}),
		},
		"secret": {
			given: resource.MakeSecret(object(resource.PropertyMap{"keys": secret("three")})),
			want:  resource.MakeSecret(object(resource.PropertyMap{"closed": closed, "keys": secret("three")})),
		},
		"unknown":   {given: unknown(), want: unknown()},
		"no object": {given: text("none"), want: text("none")},
		"null":      {given: resource.NewNullProperty(), want: object(resource.PropertyMap{"closed": closed, "keys": two})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, behaviour.Preview(box(), resource.PropertyMap{"lock": test.given}, nil)["lock"])
		})
	}
}

func TestConceal(t *testing.T) {
	t.Parallel()

	described := catalogue.Type{Secrets: []string{"password", "key", "absent"}}
	concealed := behaviour.Conceal(described, resource.PropertyMap{
		"password": text("p"), "key": secret("k"), "user": text("u"),
	})
	assert.Equal(t, resource.PropertyMap{"password": secret("p"), "key": secret("k"), "user": text("u")}, concealed)
}

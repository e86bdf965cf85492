package behaviour_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

var errInUse = errors.New("in use")

// world is a table of three kinds: boxes, what is in them, and labels on them.
func world(t *testing.T) (behaviour.Table, *account.Account, behaviour.Place) {
	t.Helper()

	missing := func(id string) error { return errors.New("no " + id) }
	table, err := behaviour.NewTable([]behaviour.Kind{
		{
			Type: "box", ID: behaviour.Hex("box-"), Missing: missing, Force: "force",
			Defaults: map[string]any{"size": "small"},
			Computed: []behaviour.Output{
				behaviour.Format("arn", "arn:{planet}:{region}:{id}:{size}"), behaviour.Format("copy", "{arn}"),
				behaviour.Same("all", "tags"),
				{Name: "version", Volatile: true, Make: func(c *behaviour.Call) any { return c.Digits(4) }},
			},
			InUse: func(target, dependent account.Resource) error { return errInUse },
		},
		{Type: "content", ID: behaviour.Filled("{boxId}/{name}"), Missing: missing, References: []behaviour.Reference{
			{Property: "boxId", Types: []string{"box"}, By: []string{"id", "arn"}},
		}},
		{Type: "label", Global: true, ID: behaviour.Hex("l-"), Missing: missing, References: []behaviour.Reference{
			{Property: "boxId", Types: []string{"box"}, OnDelete: behaviour.Cascade, Skip: func(v string) bool { return v == "none" }},
		}},
	})
	require.NoError(t, err)
	acct, err := account.Open("")
	require.NoError(t, err)

	return table, acct, behaviour.Place{Region: "here", Constants: map[string]string{"planet": "earth"}}
}

func create(t *testing.T, table behaviour.Table, acct *account.Account, place behaviour.Place, token string, inputs map[string]any) (account.Resource, error) {
	t.Helper()

	kind, err := table.Kind(token)
	require.NoError(t, err)

	return table.Create(acct, behaviour.Request{Place: place, Kind: kind, URN: "urn:" + token, Inputs: inputs})
}

func TestCreateFillsInTheOutputs(t *testing.T) {
	t.Parallel()

	table, acct, place := world(t)
	made, err := create(t, table, acct, place, "box", map[string]any{"tags": map[string]any{"a": "b"}})
	require.NoError(t, err)
	assert.Equal(t, "arn:earth:here:"+made.ID+":small", made.Outputs["arn"])
	assert.Equal(t, made.Outputs["arn"], made.Outputs["copy"], "an output may use those before it")
	assert.Equal(t, map[string]any{"a": "b"}, made.Outputs["all"])
	assert.Equal(t, map[string]any{"tags": map[string]any{"a": "b"}}, made.Inputs)
	assert.Equal(t, "urn:box", made.URN)
}

func TestUpdateKeepsAllButTheVolatile(t *testing.T) {
	t.Parallel()

	table, acct, place := world(t)
	made, err := create(t, table, acct, place, "box", nil)
	require.NoError(t, err)

	kind, _ := table.Kind("box")
	updated, err := table.Update(acct, made.ID, behaviour.Request{Place: place, Kind: kind, URN: "urn:other", Inputs: map[string]any{"size": "big"}})
	require.NoError(t, err)
	assert.Equal(t, made.Outputs["arn"], updated.Outputs["arn"])
	assert.NotEqual(t, made.Outputs["version"], updated.Outputs["version"])
	assert.Equal(t, "big", updated.Outputs["size"])
	assert.Equal(t, "urn:box", updated.URN, "the create's")

	_, err = table.Update(acct, "none", behaviour.Request{Place: place, Kind: kind})
	require.EqualError(t, err, "no none")
}

func TestDeleteFollowsTheReferences(t *testing.T) {
	t.Parallel()

	table, acct, place := world(t)
	elsewhere := behaviour.Place{Region: "there"}
	box, err := create(t, table, acct, place, "box", nil)
	require.NoError(t, err)
	_, err = create(t, table, acct, elsewhere, "content", map[string]any{"boxId": box.ID, "name": "x"})
	require.EqualError(t, err, "no "+box.ID, "another region")
	content, err := create(t, table, acct, place, "content", map[string]any{"boxId": box.Text("arn"), "name": "x"})
	require.NoError(t, err, "by its ARN")
	assert.Equal(t, box.Text("arn")+"/x", content.ID)
	_, err = create(t, table, acct, place, "label", map[string]any{"boxId": "none"})
	require.NoError(t, err, "what is outside the account is not looked for")

	kind, _ := table.Kind("box")
	require.ErrorIs(t, table.Delete(acct, place, kind, box.ID), errInUse)
	require.NoError(t, table.Delete(acct, elsewhere, kind, box.ID), "nothing is there")
	contentKind, _ := table.Kind("content")
	require.NoError(t, table.Delete(acct, place, contentKind, content.ID))
	require.NoError(t, table.Delete(acct, place, kind, box.ID))
	_, there := table.Read(acct, place, kind, box.ID)
	assert.False(t, there)
}

func TestForceTakesAlongWhatBlocks(t *testing.T) {
	t.Parallel()

	table, acct, place := world(t)
	box, err := create(t, table, acct, place, "box", map[string]any{"force": true})
	require.NoError(t, err)
	_, err = create(t, table, acct, place, "content", map[string]any{"boxId": box.ID, "name": "x"})
	require.NoError(t, err)

	kind, _ := table.Kind("box")
	require.NoError(t, table.Delete(acct, place, kind, box.ID))
	assert.Empty(t, acct.Resources())
}

func TestPreview(t *testing.T) {
	t.Parallel()

	table, _, _ := world(t)
	kind, _ := table.Kind("box")
	text := resource.NewStringProperty
	created := behaviour.Preview(kind, resource.PropertyMap{"arn": text("given"), "gone": resource.NewNullProperty(), "__defaults": text("x")}, nil)
	assert.Equal(t, text("given"), created["arn"])
	assert.Equal(t, text("small"), created["size"])
	assert.True(t, created["copy"].IsComputed())
	assert.Equal(t, resource.NewObjectProperty(resource.PropertyMap{}), created["all"])
	assert.NotContains(t, created, resource.PropertyKey("gone"))
	assert.NotContains(t, created, resource.PropertyKey("__defaults"))

	updated := behaviour.Preview(kind, resource.PropertyMap{"tags": unknown()}, resource.PropertyMap{"copy": text("old"), "version": text("1")})
	assert.Equal(t, text("old"), updated["copy"])
	assert.True(t, updated["version"].IsComputed())
	assert.True(t, updated["all"].IsComputed())
}

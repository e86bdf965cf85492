package behaviour_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

func TestCreateFillsInTheOutputs(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	inputs := in{"tags": in{"a": "b"}, "__defaults": []any{}}
	made := w.create("box", inputs)
	assert.Regexp(t, `^box-[0-9a-f]{17}$`, made.ID)
	assert.Equal(t, account.Key{Type: "box", ID: made.ID, Region: "here"}, made.Key)
	assert.Equal(t, "arn:earth:here:"+made.ID+":small", made.Outputs["arn"])
	assert.Equal(t, made.Outputs["arn"], made.Outputs["copy"], "an output may use earlier outputs")
	assert.Equal(t, in{"a": "b"}, made.Outputs["all"])
	assert.Equal(t, "shut", made.Outputs["state"])
	assert.Len(t, made.Outputs["meta"].(in)["uid"], 4, "inside an object")
	assert.NotContains(t, made.Outputs, "nothing", "nil values are left out")
	assert.NotContains(t, made.Outputs, "__defaults", "the bridge's marker is not an output")
	assert.Equal(t, inputs, made.Inputs)
	assert.Equal(t, "urn:box", made.URN)

	stored, exists := w.table.Read(w.account, w.here, box(), made.ID)
	require.True(t, exists)
	assert.Equal(t, made, stored)
}

func TestInputsAreNotComputed(t *testing.T) {
	t.Parallel()

	made := newWorld(t).create("box", in{"state": "open", "size": "big", "meta": in{"uid": "mine", "more": "x"}})
	assert.Equal(t, "open", made.Outputs["state"])
	assert.Equal(t, "big", made.Outputs["size"])
	assert.Equal(t, in{"uid": "mine", "more": "x"}, made.Outputs["meta"])
	assert.Equal(t, in{}, made.Outputs["all"], "nothing to repeat")
}

func TestDefaultsInsideAnObject(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	assert.Equal(t, in{"closed": true, "keys": 2.0}, w.create("box", nil).Outputs["lock"])

	made := w.create("box", in{"lock": in{"closed": false, "colour": "red"}})
	assert.Equal(t, in{"closed": false, "keys": 2.0, "colour": "red"}, made.Outputs["lock"])
	assert.Equal(t, in{"lock": in{"closed": false, "colour": "red"}}, made.Inputs, "the given name")

	updated, err := w.table.Update(w.account, made.ID, w.request("box", in{"lock": in{"keys": 3}}))
	require.NoError(t, err)
	assert.Equal(t, in{"closed": true, "keys": 3.0}, updated.Outputs["lock"], "the default is restored")
}

func TestSecretPathsAreKept(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	request := w.request("box", in{"password": "p"})
	request.Secrets = []string{"password"}
	made, err := w.table.Create(w.account, request)
	require.NoError(t, err)

	stored, _ := w.account.Get(made.Key)
	assert.Equal(t, []string{"password"}, stored.Secrets)
}

func TestRefusedCreatesChangeNothing(t *testing.T) {
	t.Parallel()

	for name, inputs := range map[string]in{
		"by a check":             {"size": "huge"},
		"by what it makes along": {"broken": true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := newWorld(t)
			_, err := w.try("box", inputs)
			require.ErrorIs(t, err, errChecked)
			require.ErrorContains(t, err, "creating box: ")
			assert.Empty(t, w.account.Resources())
		})
	}
}

func TestUpdatesRecomputeVolatileOutputsOnly(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	made := w.create("box", in{"tags": in{"a": "b"}, "gone": "x"})

	request := w.request("box", in{"size": "big", "tags": in{"a": "c"}})
	request.URN = "urn:other"
	changed, err := w.table.Update(w.account, made.ID, request)
	require.NoError(t, err)

	for _, name := range []string{"arn", "lidId", "meta", "state"} {
		assert.Equal(t, made.Outputs[name], changed.Outputs[name], name)
	}

	assert.NotEqual(t, made.Outputs["version"], changed.Outputs["version"])
	assert.Equal(t, "big", changed.Outputs["size"])
	assert.Equal(t, in{"a": "c"}, changed.Outputs["all"], "it repeats the other output")
	assert.NotContains(t, changed.Outputs, "gone", "the program removed it")
	assert.Equal(t, "urn:box", changed.URN, "the one of the create")

	stored, _ := w.account.Get(made.Key)
	assert.Equal(t, changed, stored)
}

func TestRefusedUpdatesChangeNothing(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	made := w.create("box", nil)
	_, err := w.table.Update(w.account, made.ID, w.request("box", in{"size": "huge"}))
	require.ErrorIs(t, err, errChecked)
	require.ErrorContains(t, err, "updating box "+made.ID)

	stored, _ := w.account.Get(made.Key)
	assert.Equal(t, made, stored)

	_, err = w.table.Update(w.account, "none", w.request("box", nil))
	require.ErrorContains(t, err, "no none")
}

func TestAdoptedResourcesKeepTheirOutputs(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	owner := w.create("box", nil)
	adopted := w.create("lid", in{"lidId": owner.Outputs["lidId"], "boxId": owner.ID, "colour": "red"})
	assert.Equal(t, owner.Outputs["lidId"], adopted.ID)
	assert.Equal(t, "red", adopted.Outputs["colour"])
	assert.Equal(t, "lid:"+adopted.ID, adopted.Outputs["arn"])
	assert.Equal(t, owner.ID, adopted.Owner, "it is still deleted with its box")

	_, err := w.try("lid", in{"lidId": "none", "boxId": owner.ID})
	require.ErrorContains(t, err, "no none", "nothing can be adopted")

	require.NoError(t, w.delete(adopted))
	stored, exists := w.account.Get(adopted.Key)
	require.True(t, exists, "delete does not remove it")
	assert.Empty(t, stored.URN)
}

func TestDigitsAreUniqueAndDeterministic(t *testing.T) {
	t.Parallel()

	first, second := newWorld(t), newWorld(t)
	seen := map[string]bool{}

	for range 20 {
		one, two := first.create("box", nil), second.create("box", nil)
		assert.Equal(t, one, two)
		assert.False(t, seen[one.ID])
		seen[one.ID] = true

		require.NoError(t, first.delete(one))
		require.NoError(t, second.delete(two))
	}
}

func TestUUID(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "01234567-89ab-cdef-0123-456789abcdef", behaviour.UUID("0123456789abcdef0123456789abcdef0123"))
}

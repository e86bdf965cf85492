package behaviour_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

func TestMissingReferencesAreRefused(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	made := w.create("box", in{"labels": []any{in{"text": "fragile"}, in{"text": "this side up"}}})

	for name, test := range map[string]struct {
		token  string
		inputs in
		want   string // "" is good
	}{
		"by its id":                 {token: "content", inputs: in{"boxId": made.ID, "name": "a"}},
		"by another output":         {token: "content", inputs: in{"boxId": made.Text("arn"), "name": "b"}},
		"by an output in a list":    {token: "content", inputs: in{"boxId": "this side up", "name": "f"}},
		"not there":                 {token: "content", inputs: in{"boxId": "box-0"}, want: "no box-0"},
		"none":                      {token: "content", inputs: in{"name": "c"}},
		"an output that is not one": {token: "label", inputs: in{"boxId": made.Text("arn")}, want: "no arn:earth"},
		"outside the account":       {token: "label", inputs: in{"boxId": "none"}},
		"each element of a list": {
			token: "content", want: "nothing beside box-0",
			inputs: in{"name": "d", "beside": []any{in{"boxId": made.ID}, in{"boxId": "box-0"}}},
		},
		"a resource of another type": {
			token: "content", inputs: in{"name": "e", "beside": in{"boxId": made.Text("lidId")}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := w.try(test.token, test.inputs)
			if test.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.want)
			}
		})
	}
}

func TestReferencesToOtherPlacesAreRefused(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	made := w.create("box", nil)

	for name, place := range map[string]behaviour.Place{
		"another region":  {Region: "there"},
		"another cluster": {Region: "here", Cluster: "c"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			request := w.request("content", in{"boxId": made.ID})
			request.Place = place
			_, err := w.table.Create(w.account, request)
			require.ErrorContains(t, err, "no "+made.ID)

			_, exists := w.table.Read(w.account, place, box(), made.ID)
			assert.False(t, exists)
			require.NoError(t, w.table.Delete(w.account, place, box(), made.ID), "it is not there")
			assert.True(t, w.exists(made))
		})
	}
}

func TestGlobalResourcesAreVisibleInEveryRegion(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	made := w.create("note", in{"name": "n"})
	elsewhere := behaviour.Place{Region: "there"}
	_, exists := w.table.Read(w.account, elsewhere, note(), made.ID)
	assert.True(t, exists)

	request := w.request("note", in{"name": "m", "on": "n"})
	request.Place = elsewhere
	_, err := w.table.Create(w.account, request)
	require.NoError(t, err)
	require.ErrorIs(t, w.delete(made), errInUse, "a note created elsewhere refers to it")

	other := w.create("note", in{"name": "o"})
	request = w.request("label", in{"note": "o"})
	request.Place = elsewhere
	_, err = w.table.Create(w.account, request)
	require.NoError(t, err, "a regional resource refers to a global one")
	require.ErrorIs(t, w.delete(other), errInUse)
}

func TestUniqueProperties(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	first := w.create("box", in{"shelf": "s", "name": "n"})
	second := w.create("box", in{"shelf": "s", "name": "other"})

	_, err := w.try("box", in{"shelf": "s", "name": "n"})
	require.ErrorIs(t, err, errTaken)
	_, err = w.table.Update(w.account, second.ID, w.request("box", in{"shelf": "s", "name": "n"}))
	require.ErrorIs(t, err, errTaken, "updates do not change it either")

	_, err = w.table.Update(w.account, first.ID, w.request("box", in{"shelf": "s", "name": "n", "size": "big"}))
	require.NoError(t, err, "it does not conflict with itself")
	w.create("box", in{"shelf": "t", "name": "n"})
	w.create("box", in{"shelf": "s"})
	w.create("box", in{"shelf": "s"})

	request := w.request("box", in{"shelf": "s", "name": "n"})
	request.Place.Region = "there"
	_, err = w.table.Create(w.account, request)
	require.NoError(t, err, "another region has its own")
}

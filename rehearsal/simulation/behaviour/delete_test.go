package behaviour_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDeleteTakesOwnedResourcesAlong(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	made := w.create("box", nil)
	require.Len(t, w.account.Resources(), 2)
	require.NoError(t, w.delete(made), "its own lid refers to it, and does not protect it")
	assert.Empty(t, w.account.Resources())
	require.NoError(t, w.delete(made), "deleting a missing resource succeeds")
}

func TestDeleteAndReferences(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name   string
		token  string
		inputs func(box, other string) in
		blocks bool
		stays  bool
	}{
		{name: "blocks", token: "content", blocks: true, inputs: func(box, _ string) in { return in{"boxId": box} }},
		{
			name: "blocks, as one of its references is ignored and one is not", token: "content", blocks: true,
			inputs: func(box, _ string) in { return in{"boxId": box, "beside": in{"boxId": box}} },
		},
		{name: "cascades", token: "label", inputs: func(box, _ string) in { return in{"boxId": box} }},
		{
			name: "cascades, whatever else it refers to", token: "label",
			inputs: func(box, _ string) in { return in{"boxId": box, "like": box} },
		},
		{
			name: "is a part of another", token: "label", blocks: true,
			inputs: func(box, other string) in { return in{"boxId": other, "like": box} },
		},
		{
			name: "stays", token: "content", stays: true,
			inputs: func(box, _ string) in { return in{"beside": in{"boxId": box}} },
		},
		{
			name: "depends on another", token: "content", stays: true,
			inputs: func(_, other string) in { return in{"boxId": other} },
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()

			w := newWorld(t)
			made, other := w.create("box", nil), w.create("box", nil)
			dependent := w.create(test.token, test.inputs(made.ID, other.ID))

			err := w.delete(made)
			if test.blocks {
				require.ErrorIs(t, err, errInUse)
				require.ErrorContains(t, err, "deleting box "+made.ID)
				assert.True(t, w.exists(made))
				require.NoError(t, w.delete(dependent))
				require.NoError(t, w.delete(made), "in this order it can be deleted")

				return
			}

			require.NoError(t, err)
			assert.False(t, w.exists(made))
			assert.Equal(t, test.stays, w.exists(dependent))
			assert.True(t, w.exists(other))
		})
	}
}

func TestGuardedResourcesCannotBeDeleted(t *testing.T) {
	t.Parallel()

	w := newWorld(t)
	made := w.create("box", in{"guarded": true})
	tied := w.create("label", in{"boxId": made.ID})
	require.ErrorIs(t, w.delete(made), errGuarded)
	assert.True(t, w.exists(made))
	assert.True(t, w.exists(tied), "everything else is kept")
}

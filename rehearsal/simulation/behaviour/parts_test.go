package behaviour_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// newOffice is a world of desks, with the parts that they own, in two steps, and the resources that they write to.
func newOffice(t *testing.T) *world {
	t.Helper()

	w := newWorld(t)
	table := behaviour.NewTable([]behaviour.Kind{desk(), drawer(), pen(), clerk(), journal()})

	w.table = table

	return w
}

// desk has a drawer, and records each event in its journal.
func desk() behaviour.Kind {
	return behaviour.Kind{
		Type: "desk", ID: "{name}", Missing: missing,
		Created: func(c *behaviour.Call) error {
			c.Own("drawer", c.Resource.ID+"-drawer", in{"label": in{"colour": "red"}})
			c.Write("journal", "journal")

			return nil
		},
		Updated: func(c *behaviour.Call) error {
			if c.True("state.broken") {
				return errChecked
			}

			c.Leave("pen", "updated", in{"length": c.Number("state.length")})

			return nil
		},
		Deleted: func(c *behaviour.Call) error {
			if c.True("haunted") {
				return errGuarded
			}

			c.Leave("pen", "deleted-"+c.Text("name"), in{})

			return nil
		},
	}
}

func drawer() behaviour.Kind {
	return behaviour.Kind{
		Type: "drawer", ID: "{name}", Missing: missing,
		Defaults: in{"label": in{"colour": "white", "text": "none"}},
	}
}

// pen is deleted with its drawer.
func pen() behaviour.Kind {
	return behaviour.Kind{
		Type: "pen", ID: "{name}", Missing: missing,
		References: []behaviour.Reference{{
			Property: "drawer", Types: []string{"drawer"}, OnDelete: behaviour.Cascade,
		}},
	}
}

// clerk is global, and may have the name of a desk.
func clerk() behaviour.Kind {
	return behaviour.Kind{Type: "clerk", Global: true, ID: "{name}", Missing: missing}
}

func journal() behaviour.Kind {
	return behaviour.Kind{
		Type: "journal", ID: "{name}", Missing: missing,
		AutoName: &behaviour.AutoName{Property: "name"}, Defaults: in{"kept": 0},
		Computed: []behaviour.Output{{Name: "arn", Value: "journal:{id}"}},
	}
}

func (w *world) get(token, id string) account.Resource {
	found, _ := w.account.Get(account.Key{Type: token, ID: id, Region: w.here.Region})

	return found
}

func TestOwnedResourcesHaveDefaults(t *testing.T) {
	t.Parallel()

	w := newOffice(t)
	w.create("desk", in{"name": "d"})
	assert.Equal(t, in{"label": in{"colour": "red", "text": "none"}}, w.get("drawer", "d-drawer").Outputs)
}

func TestDeletesCascadeTwice(t *testing.T) {
	t.Parallel()

	w := newOffice(t)
	made := w.create("desk", in{"name": "d"})
	other := w.create("desk", in{"name": "e"})
	mine := w.create("pen", in{"name": "mine", "drawer": "d-drawer"})
	theirs := w.create("pen", in{"name": "theirs", "drawer": "e-drawer"})
	require.NoError(t, w.delete(made))
	assert.Empty(t, w.get("drawer", "d-drawer").ID)
	assert.False(t, w.exists(mine), "it was in the deleted resource")
	assert.True(t, w.exists(theirs))
	assert.True(t, w.exists(other))
}

func TestOwnersAreTypeAndID(t *testing.T) {
	t.Parallel()

	w := newOffice(t)
	w.create("desk", in{"name": "same"})
	twin := w.create("clerk", in{"name": "same"})
	require.NoError(t, w.delete(twin))
	assert.NotEmpty(t, w.get("drawer", "same-drawer").ID, "the desk's, not the clerk's")

	request := w.request("desk", in{"name": "same"})
	request.Place.Region = "there"
	far, err := w.table.Create(w.account, request)
	require.NoError(t, err)
	require.NoError(t, w.table.Delete(w.account, request.Place, desk(), far.ID))
	assert.NotEmpty(t, w.get("drawer", "same-drawer").ID, "the desk in another region is kept")
}

func TestUpdatedAndDeletedHooks(t *testing.T) {
	t.Parallel()

	w := newOffice(t)
	made := w.create("desk", in{"name": "d"})
	_, err := w.table.Update(w.account, "d", w.request("desk", in{"name": "d", "state": in{"broken": true}}))
	require.ErrorIs(t, err, errChecked)
	assert.NotContains(t, w.get("desk", "d").Outputs, "state", "nothing has changed")

	_, err = w.table.Update(w.account, "d", w.request("desk", in{"name": "d", "state": in{"length": 3}}))
	require.NoError(t, err)
	assert.InEpsilon(t, 3, w.get("pen", "updated").Outputs["length"], 0)
	require.NoError(t, w.delete(made))
	assert.NotEmpty(t, w.get("pen", "deleted-d").ID)

	haunted := w.create("desk", in{"name": "h", "haunted": true})
	require.ErrorIs(t, w.delete(haunted), errGuarded)
	assert.True(t, w.exists(haunted))
}

func TestWriteRecreatesADeletedResource(t *testing.T) {
	t.Parallel()

	w := newOffice(t)
	made := w.create("journal", in{"name": "journal", "kept": 7})
	w.create("desk", in{"name": "d"})

	kept, err := w.table.Update(w.account, "journal", w.request("journal", in{"name": "journal", "kept": 30}))
	require.NoError(t, err)
	require.NoError(t, w.delete(kept))

	again := w.get("journal", "journal")
	assert.Equal(t, in{"name": "journal", "kept": 0.0, "arn": "journal:journal"}, again.Outputs)
	assert.Equal(t, in{"name": "journal"}, again.Inputs)
	assert.Equal(t, []account.Resource{again}, w.account.Leftovers())

	require.NoError(t, w.delete(made), "once only")
	assert.False(t, w.exists(made))
}

func TestWriteCreatesAMissingResource(t *testing.T) {
	t.Parallel()

	w := newOffice(t)
	w.create("desk", in{"name": "d"})
	require.Len(t, w.account.Leftovers(), 1)
	assert.Equal(t, "journal:journal", w.account.Leftovers()[0].Text("arn"))
	w.create("desk", in{"name": "e"})
	require.Len(t, w.account.Leftovers(), 1, "both write to the same resource")
}

package behaviour_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

type in = map[string]any

var (
	errInUse   = errors.New("in use")
	errTaken   = errors.New("taken")
	errChecked = errors.New("checked")
	errGuarded = errors.New("guarded")
)

func unknown() resource.PropertyValue { return resource.MakeComputed(resource.NewStringProperty("")) }

func text(value string) resource.PropertyValue { return resource.NewStringProperty(value) }

func missing(id string) error { return errors.New("no " + id) }

// world is an account of boxes, their contents and their labels.
type world struct {
	t       *testing.T
	table   behaviour.Table
	account *account.Account
	here    behaviour.Place
}

func newWorld(t *testing.T) *world {
	t.Helper()

	table := behaviour.NewTable([]behaviour.Kind{box(), lid(), content(), label(), note()})
	acct, err := account.Open("")
	require.NoError(t, err)

	return &world{t: t, table: table, account: acct, here: behaviour.Place{
		Region: "here", Constants: map[string]string{"planet": "earth"},
	}}
}

// box has everything that a kind can have, and creates a lid of its own.
func box() behaviour.Kind {
	return behaviour.Kind{
		Type: "box", ID: "box-{hex 17}", Missing: missing,
		Defaults: in{"size": "small", "lock": in{"closed": true, "keys": 2}},
		Computed: []behaviour.Output{
			{Name: "arn", Value: "arn:{planet}:{region}:{id}:{size}"},
			{Name: "copy", Value: "{arn}"},
			{Name: "all", Same: "tags"},
			{Name: "state", Value: "shut"},
			{Name: "lidId", Value: "lid-{hex 17}"},
			{Name: "meta.uid", Make: func(c *behaviour.Call) any { return c.Digits(4) }},
			{Name: "version", Volatile: true, Make: func(c *behaviour.Call) any { return c.Digits(4) }},
			{Name: "nothing", Make: func(*behaviour.Call) any { return nil }},
		},
		Unique: []behaviour.Unique{{
			Properties: []string{"shelf", "name"},
			Taken:      func(*behaviour.Call, account.Resource) error { return errTaken },
		}},
		Checks: []func(*behaviour.Call) error{func(c *behaviour.Call) error {
			if c.Text("size") == "huge" {
				return errChecked
			}

			return nil
		}},
		Guards: []func(*behaviour.Call) error{func(c *behaviour.Call) error {
			if c.True("guarded") {
				return errGuarded
			}

			return nil
		}},
		Created: func(c *behaviour.Call) error {
			if c.True("broken") {
				return errChecked
			}

			c.Own("lid", c.Resource.Text("lidId"), in{"boxId": c.Resource.ID})

			return nil
		},
		InUse: func(account.Resource, account.Resource) error { return errInUse },
	}
}

// lid is created with its box; a program can adopt it.
func lid() behaviour.Kind {
	return behaviour.Kind{
		Type: "lid", Adopts: true, Missing: missing,
		ID:       "{lidId}",
		Computed: []behaviour.Output{{Name: "colour", Value: "grey"}, {Name: "arn", Value: "lid:{id}"}},
		References: []behaviour.Reference{
			{Property: "boxId", Types: []string{"box"}},
		},
	}
}

// content prevents the deletion of its box.
func content() behaviour.Kind {
	return behaviour.Kind{
		Type: "content", Missing: missing,
		ID: "{boxId}/{name}",
		References: []behaviour.Reference{
			{Property: "boxId", Types: []string{"box"}, By: []string{"id", "arn", "labels.text"}},
			{
				Property: "beside.boxId", Types: []string{"lid", "box"}, OnDelete: behaviour.Ignore,
				Missing: func(id string) error { return errors.New("nothing beside " + id) },
			},
		},
	}
}

// label is deleted with its box, in every region.
func label() behaviour.Kind {
	return behaviour.Kind{
		Type: "label", ID: "l-{hex 17}", Missing: missing,
		References: []behaviour.Reference{{
			Property: "boxId", Types: []string{"box"}, OnDelete: behaviour.Cascade,
			Skip: func(id string) bool { return id == "none" },
		}, {
			Property: "like", Types: []string{"box"},
		}, {
			Property: "note", Types: []string{"note"},
		}},
	}
}

// note is global.
func note() behaviour.Kind {
	return behaviour.Kind{
		Type: "note", Global: true, Missing: missing,
		InUse:      func(account.Resource, account.Resource) error { return errInUse },
		ID:         "{name}",
		References: []behaviour.Reference{{Property: "on", Types: []string{"note"}}},
	}
}

func (w *world) request(token string, inputs in) behaviour.Request {
	w.t.Helper()

	kind, err := w.table.Kind(token)
	require.NoError(w.t, err)

	return behaviour.Request{Place: w.here, Kind: kind, URN: "urn:" + token, Inputs: inputs}
}

func (w *world) try(token string, inputs in) (account.Resource, error) {
	w.t.Helper()

	return w.table.Create(w.account, w.request(token, inputs))
}

func (w *world) create(token string, inputs in) account.Resource {
	w.t.Helper()

	made, err := w.try(token, inputs)
	require.NoError(w.t, err)

	return made
}

func (w *world) delete(made account.Resource) error {
	w.t.Helper()

	return w.table.Delete(w.account, w.here, w.request(made.Type, nil).Kind, made.ID)
}

func (w *world) exists(made account.Resource) bool {
	w.t.Helper()

	_, exists := w.table.Read(w.account, w.here, w.request(made.Type, nil).Kind, made.ID)

	return exists
}

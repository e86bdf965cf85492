package behaviour

import (
	"cmp"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// Read returns the resource that the account has under an id.
func (t Table) Read(acct *account.Account, place Place, kind Kind, id string) (account.Resource, bool) {
	return acct.Get(place.key(kind, id))
}

// Update changes a resource of the account to the inputs of the request.
func (t Table) Update(acct *account.Account, id string, request Request) (account.Resource, error) {
	var updated account.Resource

	if err := acct.Change(func(tx *account.Transaction) error {
		c := t.begin(tx, request)
		c.Resource.Key = request.Place.key(request.Kind, id)

		old, exists := tx.Get(c.Resource.Key)
		if !exists {
			return request.Kind.Missing(id)
		}

		// The engine repeats a create that failed as an update. The provider finds no difference, and calls nothing
		// (pulumi-terraform-bridge, pkg/tfbridge/provider.go, Update).
		if old.Failed && !changed(request.Kind, old.Inputs, request.Inputs) {
			updated = old

			return nil
		}

		c.Resource.URN = cmp.Or(old.URN, request.URN) // an update imports a resource that a service created
		c.inherit(old)
		c.keepIgnored(old.Outputs)

		if err := c.admit(); err != nil {
			return err
		}

		if !c.True("applyImmediately") {
			c.hold(old.Outputs, request.Kind.Waits)
		}

		c.finish()

		updated = c.Resource

		return c.after(request.Kind.Updated)
	}); err != nil {
		return account.Resource{}, fmt.Errorf("updating %s %s: %w", request.Kind.Type, id, err)
	}

	return updated, nil
}

func changed(kind Kind, old, inputs map[string]any) bool {
	return len(Diff(kind, resource.NewPropertyMapFromMap(old), resource.NewPropertyMapFromMap(inputs)).Changes) > 0
}

// keepIgnored keeps the account's values of inputs that the provider ignores.
func (c *Call) keepIgnored(held map[string]any) {
	if c.Kind.Ignored == nil {
		return
	}

	c.hold(held, c.Kind.Ignored(resource.NewPropertyMapFromMap(held), resource.NewPropertyMapFromMap(c.Resource.Inputs)))
}

// hold keeps the account's values of given inputs.
func (c *Call) hold(held map[string]any, names []string) {
	for _, name := range names {
		if _, given := c.Resource.Inputs[name]; given {
			c.Resource.Inputs[name], c.Resource.Outputs[name] = held[name], held[name]
		}
	}
}

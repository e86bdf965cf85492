package behaviour

import (
	"errors"
	"fmt"
	"maps"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// Request is a create or an update: plain inputs and the paths of the secret ones.
type Request struct {
	Place   Place
	Kind    Kind
	URN     string
	Inputs  map[string]any
	Secrets []string
	// Lacks is a boolean property that the account holds as false, whatever the inputs: AWS had no capacity, and does
	// not report it.
	Lacks string
	// Breaks is the error of a create that the account accepts and does not finish.
	Breaks error
}

// UnfinishedError is the error of a create that the account has accepted: the resource is in the account.
type UnfinishedError struct {
	Err error
}

// Error is the provider's message.
func (u *UnfinishedError) Error() string { return u.Err.Error() }

// Unwrap returns the provider's error.
func (u *UnfinishedError) Unwrap() error { return u.Err }

// Break marks the resource as failed, and returns the error of its create.
func (c *Call) Break(err error) error {
	c.Resource.Failed = true
	c.Tx.Put(c.Resource)

	return &UnfinishedError{Err: err}
}

// Create creates a resource in the account and returns it. After an error of the API, the account is unchanged. With
// an error after the API has accepted the call, Create returns the resource too.
func (t Table) Create(acct *account.Account, request Request) (account.Resource, error) {
	var (
		made       account.Resource
		unfinished *UnfinishedError
	)

	if err := acct.Change(func(tx *account.Transaction) error {
		c := t.begin(tx, request)
		// The resource has no key yet, and so even a resource with the same id is a sibling.
		if err := c.admit(); err != nil {
			return err
		}

		if err := c.identify(); err != nil {
			return err
		}

		c.finish()

		err := c.after(request.Kind.Created)
		if err == nil && request.Breaks != nil {
			err = c.Break(request.Breaks)
		}

		made = c.Resource

		if err != nil && !errors.As(err, &unfinished) {
			return err
		}

		c.lack(request.Lacks)

		return nil
	}); err != nil {
		return account.Resource{}, fmt.Errorf("creating %s: %w", request.Kind.Type, err)
	}

	if unfinished != nil {
		return made, fmt.Errorf("creating %s: %w", request.Kind.Type, unfinished)
	}

	return made, nil
}

// after runs a hook of the kind, if there is one.
func (c *Call) after(hook func(*Call) error) error {
	if hook == nil {
		return nil
	}

	return hook(c)
}

// lack sets a boolean property of the created resource to false. The answer does not show it.
func (c *Call) lack(name string) {
	if name == "" {
		return
	}

	held, _ := c.Tx.Get(c.Resource.Key)
	held.Outputs[name] = false

	if _, given := held.Inputs[name]; given {
		held.Inputs[name] = false
	}

	c.Tx.Put(held)
}

// begin starts a call whose outputs are the inputs and the provider's defaults.
func (t Table) begin(tx *account.Transaction, request Request) *Call {
	inputs := property.Clone(request.Inputs)
	outputs := property.Merge(request.Kind.Defaults, request.Inputs)
	delete(outputs, defaultsMarker)

	return &Call{
		Tx: tx, Place: request.Place, Kind: request.Kind, table: t,
		Resource: account.Resource{URN: request.URN, Inputs: inputs, Outputs: outputs, Secrets: request.Secrets},
	}
}

// identify gives the resource its id. A kind that adopts also takes over the resource that has the id in the account.
func (c *Call) identify() error {
	id := c.Fill(c.Kind.ID)
	if c.Kind.MakeID != nil {
		id = c.Kind.MakeID(c)
	}

	c.Resource.Key = c.Place.key(c.Kind, id)
	if !c.Kind.Adopts {
		return nil
	}

	adopted, exists := c.Tx.Get(c.Resource.Key)
	if !exists {
		return c.Kind.Missing(id)
	}

	c.inherit(adopted)

	return nil
}

// inherit keeps the outputs that the account has of a resource and that no program sets.
func (c *Call) inherit(old account.Resource) {
	c.Resource.Owner, c.Resource.OwnerType = old.Owner, old.OwnerType
	c.Resource.Returns, c.Resource.Leftover = old.Returns, old.Leftover
	c.Resource.Private, c.Resource.Failed = old.Private, old.Failed
	c.keep(old.Outputs)
}

// keep keeps the old outputs that the account computed.
func (c *Call) keep(old map[string]any) {
	for _, output := range c.Kind.Computed {
		_, given := property.Lookup(c.Resource.Outputs, output.Name)

		value, had := property.Lookup(old, output.Name)
		if !given && had && !output.Volatile && !output.Follows && output.Same == "" {
			property.Put(c.Resource.Outputs, output.Name, value)
		}
	}

	c.keepUnset(old)
}

// keepUnset keeps the old values of inputs that the program does not set, and that the account then chooses.
func (c *Call) keepUnset(old map[string]any) {
	for _, name := range c.Kind.Kept {
		if _, given := c.Resource.Outputs[name]; !given && old[name] != nil && !c.Kind.computes(name) {
			c.Resource.Outputs[name] = old[name]
		}
	}
}

// admit runs all checks of the API.
func (c *Call) admit() error {
	if err := c.checkReferences(); err != nil {
		return err
	}

	if err := c.checkUnique(); err != nil {
		return err
	}

	for _, check := range c.Kind.Checks {
		if err := check(c); err != nil {
			return err
		}
	}

	return nil
}

// finish computes the outputs and puts the resource into the account.
func (c *Call) finish() {
	c.compute()
	c.Tx.Put(c.Resource)
}

// compute fills in the missing outputs in the table's order, in which an output can use those before it, and gives
// outputs their form.
func (c *Call) compute() {
	c.Resource.Outputs = c.Kind.formed(c.Resource.Outputs)

	for _, output := range c.Kind.Computed {
		if _, given := property.Lookup(c.Resource.Outputs, output.Name); given {
			continue
		}

		if output.Same != "" {
			c.Resource.Outputs[output.Name] = repeated(c.Resource.Outputs[output.Same])

			continue
		}

		if value := output.make(c); value != nil {
			property.Put(c.Resource.Outputs, output.Name, value)
		}
	}

	c.Resource.Outputs = property.Clone(c.Resource.Outputs)
}

// formed returns outputs in which given strings have the form of an answer.
func (k Kind) formed(outputs map[string]any) map[string]any {
	formed := maps.Clone(outputs)

	for name, form := range k.Forms {
		if text, ok := outputs[name].(string); ok {
			formed[name] = form(text)
		}
	}

	return formed
}

func (o Output) make(c *Call) any {
	if o.Make != nil {
		return o.Make(c)
	}

	if template, ok := o.Value.(string); ok {
		return c.Fill(template)
	}

	return o.Value
}

func repeated(value any) any {
	if value == nil {
		return map[string]any{}
	}

	return value
}

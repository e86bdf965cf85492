package account

import "maps"

// Transaction is a view of the account whose changes take effect together.
type Transaction struct {
	resources map[Key]Resource
	serial    int
	changed   bool
}

// Change runs work on the account, exclusively. If work returns no error, its changes are persisted and then visible;
// otherwise the account is unchanged.
func (a *Account) Change(work func(*Transaction) error) error {
	a.mu.Lock()
	defer a.mu.Unlock()

	transaction := &Transaction{resources: maps.Clone(a.resources), serial: a.serial}
	if err := work(transaction); err != nil {
		return err
	}

	if !transaction.changed {
		return nil
	}

	if err := a.save(transaction.resources, transaction.serial); err != nil {
		return err
	}

	a.resources, a.serial = transaction.resources, transaction.serial

	return nil
}

// Serial returns a number that the account never returned before. Ids are made from it: a resource that is created
// again has a new id, and two accounts with the same history have the same ids.
func (t *Transaction) Serial() int {
	t.serial++
	t.changed = true

	return t.serial
}

// Get returns a copy of one resource, and whether it exists.
func (t *Transaction) Get(key Key) (Resource, bool) {
	resource, ok := t.resources[key]

	return resource.clone(), ok
}

// Find returns copies of the wanted resources, sorted.
func (t *Transaction) Find(wanted func(Resource) bool) []Resource {
	return selectFrom(t.resources, wanted)
}

// Put creates or replaces a resource.
func (t *Transaction) Put(resource Resource) {
	t.resources[resource.Key] = resource.clone()
	t.changed = true
}

// Delete removes a resource, if it exists.
func (t *Transaction) Delete(key Key) {
	delete(t.resources, key)
	t.changed = true
}

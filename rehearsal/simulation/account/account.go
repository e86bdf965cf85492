// Package account is the simulated cloud account: what exists in it, and nothing
// about how it is asked for. Each change is in the account's file before the call
// that made it returns, so that a process killed at any moment loses nothing.
package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"sync"
)

// Account is a simulated account. It is safe for concurrent use by one process;
// two processes must not open the same file.
type Account struct {
	path      string // "" keeps the account in memory
	mu        sync.RWMutex
	resources map[Key]Resource
	serial    int
}

// document is the form of the account's file.
type document struct {
	Serial    int        `json:"serial"`
	Resources []Resource `json:"resources"`
}

// Open loads the account from the file at path. A missing file is an empty
// account, and an empty path an account that lives in memory only.
func Open(path string) (*Account, error) {
	account := &Account{path: path, resources: map[Key]Resource{}}
	if path == "" {
		return account, nil
	}

	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return account, nil
	}

	if err != nil {
		return nil, fmt.Errorf("opening the account %s: %w", path, err)
	}

	var stored document
	if err := json.Unmarshal(text, &stored); err != nil {
		return nil, fmt.Errorf("decoding the account %s: %w", path, err)
	}

	account.serial = stored.Serial
	for _, resource := range stored.Resources {
		account.resources[resource.Key] = resource
	}

	return account, nil
}

// Resources returns copies of everything in the account, sorted by type, region,
// cluster and id. Those without a URN were made by the account itself.
func (a *Account) Resources() []Resource {
	return a.Find(func(Resource) bool { return true })
}

// FindByURN returns what the create of that URN made: more than one while a
// replacement is under way, none when the create took no effect.
func (a *Account) FindByURN(urn string) []Resource {
	return a.Find(func(resource Resource) bool { return resource.URN == urn })
}

// Get returns a copy of one resource, and whether it exists.
func (a *Account) Get(key Key) (Resource, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()

	resource, ok := a.resources[key]

	return resource.clone(), ok
}

// Find returns copies of the wanted resources, sorted as Resources sorts them.
func (a *Account) Find(wanted func(Resource) bool) []Resource {
	a.mu.RLock()
	defer a.mu.RUnlock()

	return selectFrom(a.resources, wanted)
}

func selectFrom(resources map[Key]Resource, wanted func(Resource) bool) []Resource {
	var found []Resource

	for _, resource := range resources {
		if wanted(resource) {
			found = append(found, resource.clone())
		}
	}

	sort.Slice(found, func(i, j int) bool { return found[i].less(found[j].Key) })

	return found
}

// save writes the file beside the old one and renames it: whoever opens the
// account finds the old state or the new one, never a part. The file holds
// secrets in plain text, so only its owner may read it.
func (a *Account) save(resources map[Key]Resource, serial int) error {
	if a.path == "" {
		return nil
	}

	stored := document{Serial: serial, Resources: selectFrom(resources, func(Resource) bool { return true })}

	text, err := json.MarshalIndent(stored, "", " ")
	if err != nil {
		return fmt.Errorf("encoding the account %s: %w", a.path, err)
	}

	if err := os.MkdirAll(filepath.Dir(a.path), 0o700); err != nil {
		return fmt.Errorf("making the folder of the account %s: %w", a.path, err)
	}

	temporary := a.path + ".new"
	if err := os.WriteFile(temporary, text, 0o600); err != nil {
		return fmt.Errorf("writing the account %s: %w", a.path, err)
	}

	if err := os.Rename(temporary, a.path); err != nil {
		return fmt.Errorf("replacing the account %s: %w", a.path, err)
	}

	return nil
}

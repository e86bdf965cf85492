// Package account is the simulated cloud account: a store of resources. Each change is in the account's file before the
// call that made it returns, so that a process killed at any moment loses nothing.
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

// Account is a simulated account. It is safe for concurrent use by one process. Two processes must not open one file.
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

// Open loads the account from the file at path. A missing file is an empty account; an empty path keeps the account in
// memory.
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

// Resources returns copies of all resources, sorted by type, region, cluster and id. The account itself made those
// without a URN.
func (a *Account) Resources() []Resource {
	return a.Find(func(Resource) bool { return true })
}

// FindByURN returns the resources that creates of that URN made: several during a replacement, none where the create
// had no effect.
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

// Leftovers returns what services created for themselves and left behind: the log group that a cluster's last lines
// create again. No program's deletion reaches it.
func (a *Account) Leftovers() []Resource {
	return a.Find(Resource.IsLeftover)
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

// save writes a new file and renames it over the old one: a reader finds the old state or the new one, never a part.
// The file holds secrets in plain text, so only its owner may read it.
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
		return fmt.Errorf("creating the folder of the account %s: %w", a.path, err)
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

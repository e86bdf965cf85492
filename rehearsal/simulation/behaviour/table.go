package behaviour

import "fmt"

// Table is all the kinds of one provider by type.
type Table map[string]Kind

// NewTable gathers kinds.
func NewTable(kinds []Kind) Table {
	table := make(Table, len(kinds))
	for _, kind := range kinds {
		table[kind.Type] = kind
	}

	return table
}

// Kind returns the kind of a type, or an error for one that is not simulated.
func (t Table) Kind(token string) (Kind, error) {
	kind, known := t[token]
	if !known {
		return Kind{}, fmt.Errorf("type %s is not simulated", token)
	}

	return kind, nil
}

package behaviour

import (
	"errors"
	"fmt"
	"sort"
)

// Table is all the kinds of one provider.
type Table struct {
	kinds map[string]Kind
}

// NewTable gathers kinds. It refuses a duplicate type, and a reference to an unknown one.
func NewTable(families ...[]Kind) (Table, error) {
	table := Table{kinds: map[string]Kind{}}

	var problems []error

	for _, family := range families {
		for _, kind := range family {
			if _, twice := table.kinds[kind.Type]; twice {
				problems = append(problems, fmt.Errorf("kind %s is in the table twice", kind.Type))
			}

			table.kinds[kind.Type] = kind
		}
	}

	for _, kind := range table.kinds {
		problems = append(problems, table.checkReferences(kind))
	}

	return table, errors.Join(problems...)
}

// Kind returns the kind of a type, or an error for one that is not simulated.
func (t Table) Kind(token string) (Kind, error) {
	kind, known := t.kinds[token]
	if !known {
		return Kind{}, fmt.Errorf("type %s is not simulated", token)
	}

	return kind, nil
}

// Types returns all tokens, sorted.
func (t Table) Types() []string {
	types := make([]string, 0, len(t.kinds))
	for token := range t.kinds {
		types = append(types, token)
	}

	sort.Strings(types)

	return types
}

func (t Table) checkReferences(kind Kind) error {
	var problems []error

	for _, reference := range kind.References {
		for _, token := range reference.Types {
			if _, known := t.kinds[token]; !known {
				problems = append(problems, fmt.Errorf("kind %s: %s refers to %s, which is not in the table",
					kind.Type, reference.Property, token))
			}
		}
	}

	return errors.Join(problems...)
}

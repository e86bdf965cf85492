package behaviour

import (
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// checkReferences refuses a resource that refers to something absent.
func (c *Call) checkReferences() error {
	for _, reference := range c.Kind.References {
		for _, value := range c.Texts(reference.Property) {
			if reference.Skip != nil && reference.Skip(value) {
				continue
			}

			if _, exists := c.Target(reference, value); !exists {
				return c.missing(reference, value)
			}
		}
	}

	return nil
}

// Target returns the resource that a value of a reference refers to.
func (c *Call) Target(reference Reference, value string) (account.Resource, bool) {
	for _, token := range reference.Types {
		for _, candidate := range c.Siblings(token) {
			if reference.matches(candidate, value) {
				return candidate, true
			}
		}
	}

	return account.Resource{}, false
}

func (c *Call) missing(reference Reference, value string) error {
	if reference.Missing != nil {
		return reference.Missing(value)
	}

	return c.table[reference.Types[0]].Missing(value)
}

// names reports whether resource refers to target through the reference.
func (r Reference) names(resource, target account.Resource) bool {
	return slices.ContainsFunc(property.Texts(resource.Outputs, r.Property), func(value string) bool {
		return r.matches(target, value)
	})
}

func (r Reference) matches(target account.Resource, value string) bool {
	if len(r.By) == 0 {
		return target.ID == value
	}

	return slices.ContainsFunc(r.By, func(output string) bool {
		return target.Text(output) == value || slices.Contains(target.Texts(output), value)
	})
}

// checkUnique refuses a resource that shares unique properties with another.
func (c *Call) checkUnique() error {
	for _, unique := range c.Kind.Unique {
		mine := c.Kind.identity(c.Resource, unique.Properties)
		if mine == nil {
			continue
		}

		for _, other := range c.Siblings(c.Kind.Type) {
			if slices.Equal(mine, c.Kind.identity(other, unique.Properties)) {
				return unique.Taken(c, other)
			}
		}
	}

	return nil
}

// identity are the values of the unique properties in their form, or nil when one is missing.
func (k Kind) identity(resource account.Resource, properties []string) []string {
	var values []string

	outputs := k.formed(resource.Outputs)

	for _, path := range properties {
		texts := property.Texts(outputs, path)
		if len(texts) != 1 {
			return nil
		}

		values = append(values, texts[0])
	}

	return values
}

package aws

import (
	"embed"
	"fmt"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/schema"
)

//go:embed schema/*.yaml
var schemaFiles embed.FS

// Schema is what the provider and its APIs accept.
func Schema() schema.Schema {
	facts, err := schema.Read(schemaFiles, "schema", lists())
	if err != nil {
		panic(err) // the files are embedded, and every test reads them
	}

	return facts
}

// apply gives the provider's facts to a kind.
func apply(facts *schema.Type, described catalogue.Type, kind *behaviour.Kind) error {
	if facts == nil {
		return nil
	}

	kind.ForceNew = facts.Names(func(p *schema.Property) bool { return p.ForceNew })
	kind.Sets = facts.Names(func(p *schema.Property) bool { return p.Set })
	kind.DeleteBeforeReplace, kind.Comparable = facts.DeleteBeforeReplace, facts.Comparable
	kind.Kept = facts.Kept()
	kind.Defaults = facts.Defaults(func(name string) bool {
		return strings.HasSuffix(described.Inputs[name], catalogue.Required)
	})

	for name, p := range facts.Properties {
		if named := p.AutoName; named != nil {
			kind.AutoName = &behaviour.AutoName{
				Property: name, Rival: named.Rival, Prefix: named.Prefix, Limit: named.Limit, Lower: named.Lower,
			}
		}
	}

	known := replacements()
	kind.ForceNewFrom = func(old, inputs properties) []string {
		var found []string
		for _, name := range facts.Replacements {
			found = append(found, known[name](old, inputs)...)
		}

		return found
	}

	for _, name := range facts.Replacements {
		if known[name] == nil {
			return fmt.Errorf("schema of %s: unknown replacement %q", kind.Type, name)
		}
	}

	return nil
}

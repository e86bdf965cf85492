package simulation

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/faults"
	"github.com/msur/platform/rehearsal/simulation/provider"
)

// checkLacking refuses faults of a property that the type does not have as a boolean: they would have no effect.
func checkLacking(plan faults.Plan, clouds []provider.Cloud) error {
	var problems []error

	for _, fault := range plan.Faults() {
		if fault.Kind != faults.Lack {
			continue
		}

		known := booleansOf(clouds, fault.Type)
		if !slices.Contains(known, fault.Property) {
			problems = append(problems, fmt.Errorf("fault %q: unknown boolean property %q; known: %s",
				fault, fault.Property, strings.Join(known, ", ")))
		}
	}

	return errors.Join(problems...)
}

// booleansOf returns the boolean inputs of a type, sorted.
func booleansOf(clouds []provider.Cloud, token string) []string {
	var names []string

	for _, cloud := range clouds {
		for name, kind := range cloud.Catalogue().Types[token].Inputs {
			if strings.TrimSuffix(kind, catalogue.Required) == catalogue.Boolean {
				names = append(names, name)
			}
		}
	}

	slices.Sort(names)

	return names
}

package permissions

import (
	"slices"
	"strings"

	"github.com/msur/platform/internal/policy"
)

const everything = "*"

// The policies of the deploy role that no service's scope names.
const (
	// Identity is about IAM's roles.
	Identity = "identity"
	// Reads looks at all that the program makes; drift has it too.
	Reads = "reads"
)

// Questions lets a preview ask the account what the program must know.
func (t *Table) Questions() policy.Statement {
	return policy.Statement{SID: "WhatTheProgramAsks", Actions: t.questions(), Resources: []string{everything}}
}

// Deploy are the statements of the deploy role's policies, by policy: what it reads, and what it changes in the place.
func (t *Table) Deploy(place Place) map[string][]policy.Statement {
	policies := map[string][]policy.Statement{
		// AWS names no resource for most of what only looks, and a list is of everything or refused.
		Reads:    {{SID: "WhatThereIs", Actions: t.reads(), Resources: []string{everything}}},
		Identity: t.identity(place),
	}

	for _, service := range t.services() {
		scope := t.Scopes[service]
		policies[scope.Policy] = append(policies[scope.Policy], t.scoped(service, scope, place)...)
	}

	return policies
}

// scoped are the statements about one service: on what has a name, on what has none before it is made, and on what
// another service does with it.
func (t *Table) scoped(service string, scope Scope, place Place) []policy.Statement {
	named := slices.DeleteFunc(t.writes(service), func(action string) bool {
		return slices.Contains(scope.Anywhere, action) || slices.Contains(scope.Through, action)
	})
	resources := place.arns(scope.Resources...)
	statements := []policy.Statement{{SID: sid(service), Actions: named, Resources: resources}}

	if len(scope.Anywhere) > 0 {
		statements = append(statements, policy.Statement{
			SID: sid(service) + "New", Actions: scope.Anywhere, Resources: []string{everything},
		})
	}

	if len(scope.Through) > 0 {
		host := scope.Service + "." + place.Region + ".amazonaws.com"
		statements = append(statements, policy.Statement{
			SID: sid(service) + "Through", Actions: scope.Through, Resources: resources,
			Conditions: policy.Conditions{policy.Equals: {service + ":ViaService": {host}}},
		})
	}

	return statements
}

// sid names a service's statement: IAM takes letters and digits.
func sid(service string) string { return strings.ToUpper(service[:1]) + service[1:] }

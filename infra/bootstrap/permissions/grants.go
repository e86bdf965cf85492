package permissions

import (
	"slices"
	"strings"

	"github.com/msur/platform/internal/policy"
)

const everything = "*"

// The policies of the deploy role that are not in a service's scope.
const (
	// Identity has the permissions for IAM roles.
	Identity = "identity"
	// Reads allows reading all resources of the program. The drift role has it too.
	Reads = "reads"
)

// Questions allows a preview to look up the account.
func (t *Table) Questions() policy.Statement {
	return policy.Statement{SID: "WhatTheProgramAsks", Actions: t.questions(), Resources: []string{everything}}
}

// Deploy returns the statements of the deploy role's policies, by policy.
func (t *Table) Deploy(place Place) map[string][]policy.Statement {
	policies := map[string][]policy.Statement{
		// Most reading actions do not support resources: a list is allowed for all resources or refused.
		Reads:    {{SID: "WhatThereIs", Actions: t.reads(), Resources: []string{everything}}},
		Identity: t.identity(place),
	}

	for _, service := range t.services() {
		scope := t.Scopes[service]
		policies[scope.Policy] = append(policies[scope.Policy], t.scoped(service, scope, place)...)
	}

	return policies
}

// scoped are the statements about one service: actions on named resources, actions on resources that have no name
// before they are created, and actions through another service.
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
		statements = append(statements, policy.Statement{
			SID: sid(service) + "Through", Actions: scope.Through, Resources: resources,
			Conditions: policy.Conditions{policy.Equals: {service + ":ViaService": {place.Host(scope.Service)}}},
		})
	}

	return statements
}

// sid names a service's statement: IAM takes letters and digits.
func sid(service string) string { return strings.ToUpper(service[:1]) + service[1:] }

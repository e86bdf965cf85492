package permissions

import (
	"slices"

	"github.com/msur/platform/internal/policy"
)

// exact services are those of which the boundary holds each action as it is: one more would be one too many.
func exact() []string {
	return []string{iamService, "eks-auth", "kms", "rds-db", "secretsmanager", "ssm"}
}

// guarded services keep what others hide in the same account. Of these the boundary says on what: a role that the
// deploy role makes could read all of it otherwise.
func guarded() []string { return []string{"kms", "secretsmanager"} }

// gathered is from how many actions of one verb the boundary says "verb*": it must fit into one policy.
const gathered = 3

// Boundary is what the deploy role, and every role that it makes, may do at most, but for the states. A boundary grants
// nothing: it is the limit of whatever else is attached, by whomever. It must fit into one policy, and so names no more
// than the environments' roles and what is guarded: whatever else is in the account is within this limit too.
func (t *Table) Boundary(place Place) []policy.Statement {
	anywhere, named := t.limits()
	statements := []policy.Statement{
		{SID: "WhatThePlatformDoes", Actions: anywhere, Resources: []string{everything}},
		{
			SID:       "RolesOfTheEnvironments",
			Actions:   slices.Concat(t.writes(iamService), []string{"iam:PassRole"}),
			Resources: place.roles(),
		},
		{
			SID:       "RolesThatServicesMake",
			Actions:   []string{"iam:CreateServiceLinkedRole"},
			Resources: place.serviceLinkedRoles(),
		},
		{
			SID:        "NoRoleWithoutTheBoundary",
			Deny:       true,
			Actions:    bounded(),
			Resources:  []string{everything},
			Conditions: policy.Conditions{"StringNotEquals": {boundaryKey: {place.BoundaryARN()}}},
		},
	}

	for _, service := range guarded() {
		statements = append(statements, policy.Statement{
			SID: sid(service), Actions: named[service], Resources: place.arns(t.Scopes[service].Resources...),
		})
	}

	return statements
}

// limits are the actions that the boundary allows on anything, and, by guarded service, on what is named alone.
func (t *Table) limits() ([]string, map[string][]string) {
	anywhere, named := slices.Concat(t.reads(), t.questions()), make(map[string][]string)

	for _, action := range t.changes() {
		service := serviceOf(action)
		free := slices.Concat(anywhere, t.Scopes[service].Anywhere)

		if slices.Contains(guarded(), service) && !slices.Contains(free, action) {
			named[service] = append(named[service], action)
		} else {
			anywhere = append(anywhere, action)
		}
	}

	return gather(sorted(anywhere)), named
}

// changes are the actions of the deploy role that change something, but for IAM's, and all of the roles that it makes.
func (t *Table) changes() []string {
	var all []string
	for _, service := range t.services() {
		all = append(all, t.writes(service)...)
	}

	for _, workload := range t.Workloads {
		all = append(all, workload.Actions...)
	}

	return sorted(all)
}

// gather writes several actions of one verb as one pattern.
func gather(actions []string) []string {
	count := make(map[string]int)
	for _, action := range actions {
		count[pattern(action)]++
	}

	var patterns []string

	for _, action := range actions {
		if count[pattern(action)] < gathered || slices.Contains(exact(), serviceOf(action)) {
			patterns = append(patterns, action)
		} else {
			patterns = append(patterns, pattern(action))
		}
	}

	return sorted(patterns)
}

// pattern is all actions of a service that start with the same verb.
func pattern(action string) string { return serviceOf(action) + ":" + verb(action) + everything }

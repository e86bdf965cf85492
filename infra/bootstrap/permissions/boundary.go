package permissions

import (
	"slices"

	"github.com/msur/platform/infra/bootstrap/policy"
)

// exact services are those of which the boundary holds each action as it is: one more would be one too many.
func exact() []string {
	return []string{iamService, "eks-auth", "kms", "rds-db", "s3", "secretsmanager"}
}

// gathered is from how many actions of one verb the boundary says "verb*": it must fit into one policy.
const gathered = 3

// Boundary is what the deploy role, and every role that it makes, may do at most. A boundary grants nothing: it is the
// limit of whatever else is attached, by whomever. extra are actions that the deploy role has beside the table.
func (t *Table) Boundary(place Place, extra ...string) []policy.Statement {
	return []policy.Statement{
		{
			SID:       "WhatThePlatformDoes",
			Actions:   t.limits(extra),
			Resources: []string{everything},
		},
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
}

// limits are the actions that the boundary allows on anything.
func (t *Table) limits(extra []string) []string {
	all := slices.Concat(t.reads(), t.questions(), extra)

	for _, service := range t.services() {
		all = append(all, t.writes(service)...)
	}

	for _, workload := range t.Workloads {
		all = append(all, workload.Actions...)
	}

	return gather(sorted(all))
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

package permissions

import (
	"slices"

	"github.com/msur/platform/internal/policy"
)

// exact are the services whose actions the boundary lists one by one: a pattern would allow too much.
func exact() []string {
	return []string{iamService, "eks-auth", "kms", "rds-db", "secretsmanager", "ssm"}
}

// guarded returns the services with secrets of other owners in the same account. The boundary limits them to resources:
// otherwise a role created by the deploy role could read all secrets.
func guarded() []string { return []string{"kms", "secretsmanager"} }

// passRole and getParameter could give a role the privileges of other roles, and the secrets in parameters.
const (
	passRole     = "iam:PassRole"
	getParameter = "ssm:GetParameter"
)

// gathered is the smallest number of actions with the same verb that the boundary writes as "verb*", to fit into one
// policy.
const gathered = 2

// Boundary is the permissions boundary of the deploy role and of every role that it creates, except for the states. It
// grants nothing, but limits all attached policies. To fit into one policy, it names only the environments' roles and
// the guarded resources, so other resources of the account are within the limit too.
func (t *Table) Boundary(place Place) []policy.Statement {
	anywhere, named := t.limits()
	statements := []policy.Statement{
		{SID: "WhatThePlatformDoes", Actions: anywhere, Resources: []string{everything}},
		{
			SID:       "RolesOfTheEnvironments",
			Actions:   t.writes(iamService),
			Resources: place.arns(place.IAM(everything + "/{environment}-*")), // the actions are about roles and profiles only
		},
		{SID: "RolesForServices", Actions: []string{passRole}, Resources: place.roles()},
		{
			SID: "ParametersOfAWS", Actions: []string{getParameter},
			Resources: place.arns("arn:{partition}:ssm:{region}::parameter/aws/service/*"),
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

// limits returns the actions that the boundary allows on any resource and, by guarded service, the actions that it
// limits to resources.
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

// changes are the writing actions of the deploy role, and all actions of the roles that it creates, without those that
// Boundary limits to resources.
func (t *Table) changes() []string {
	var all []string
	for _, service := range t.services() {
		all = append(all, t.writes(service)...)
	}

	for _, workload := range t.Workloads {
		all = append(all, workload.Actions...)
	}

	return slices.DeleteFunc(sorted(all), func(action string) bool { return action == passRole || action == getParameter })
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

// pattern matches all actions of a service with the same verb.
func pattern(action string) string { return serviceOf(action) + ":" + verb(action) + everything }

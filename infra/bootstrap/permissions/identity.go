package permissions

import (
	"slices"

	"github.com/msur/platform/internal/policy"
)

// iamService is the prefix of IAM's actions.
const iamService = "iam"

// boundaryKey is the boundary that a role has, or is to have.
const boundaryKey = "iam:PermissionsBoundary"

// bounded are the actions that can make a role powerful, take from it what denies it something, or let others have it.
// Whoever may take them without the boundary may do anything: they would make a role that may, or take over one that
// somebody has made before, and pass it on. All of them know the condition (the page that actions.yaml names for a
// role).
func bounded() []string {
	return []string{
		"iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
		"iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy",
	}
}

// identity lets roles be made for the environments alone, within the boundary, and be handed to the services that the
// program hands them to.
func (t *Table) identity(place Place) []policy.Statement {
	plain := slices.DeleteFunc(t.writes(iamService), func(action string) bool {
		return slices.Contains(bounded(), action)
	})

	return []policy.Statement{
		{
			SID:        "RolesWithinTheBoundary",
			Actions:    bounded(),
			Resources:  place.roles(),
			Conditions: policy.Conditions{policy.Equals: {boundaryKey: {place.BoundaryARN()}}},
		},
		{SID: "RolesOfTheEnvironments", Actions: plain, Resources: place.roles()},
		{
			SID:        "RolesForTheirServices",
			Actions:    []string{"iam:PassRole"},
			Resources:  place.roles(),
			Conditions: policy.Conditions{policy.Equals: {"iam:PassedToService": t.Passes()}},
		},
		{
			SID:        "RolesThatServicesMake",
			Actions:    []string{"iam:CreateServiceLinkedRole"},
			Resources:  place.serviceLinkedRoles(),
			Conditions: policy.Conditions{policy.Equals: {"iam:AWSServiceName": t.ServiceLinkedRoles()}},
		},
	}
}

package permissions

import (
	"slices"

	"github.com/msur/platform/internal/policy"
)

// iamService is the prefix of IAM's actions.
const iamService = "iam"

// boundaryKey is the condition key for the boundary of a role.
const boundaryKey = "iam:PermissionsBoundary"

// bounded are the actions that can add privileges to a role, remove its denials, or change its trust. Without the
// boundary they would give every permission: by creating a powerful role, or by taking over an existing one. All of
// them support the condition (see the page that actions.yaml names for a role).
func bounded() []string {
	return []string{
		"iam:AttachRolePolicy", "iam:CreateRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
		"iam:PutRolePermissionsBoundary", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy",
	}
}

// identity allows creating roles of the environments within the boundary, and passing them to the services that the
// program passes them to.
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
		{SID: "RolesOfTheEnvironments", Actions: plain, Resources: place.identities()},
		{
			SID:        "RolesForTheirServices",
			Actions:    []string{passRole},
			Resources:  place.roles(),
			Conditions: policy.Conditions{policy.Equals: {"iam:PassedToService": sorted(place.arns(t.Passes()...))}},
		},
		{
			SID:        "RolesThatServicesMake",
			Actions:    []string{"iam:CreateServiceLinkedRole"},
			Resources:  place.serviceLinkedRoles(),
			Conditions: policy.Conditions{policy.Equals: {"iam:AWSServiceName": t.ServiceLinkedRoles()}},
		},
	}
}

package controls

import (
	"slices"
	"strings"
)

// typePolicy is that of policies that an account has beside AWS's own.
const typePolicy = "aws:iam/policy:Policy"

// boundaryKey is the condition on the permissions boundary that a role has, or is to have.
const boundaryKey = "iam:PermissionsBoundary"

// seizing are the actions that give whoever may take them the power of somebody else, or more of their own, on whatever
// they may take them (Rhino Security Labs, "AWS IAM Privilege Escalation – Methods and Mitigation").
func seizing() []string {
	return []string{
		"iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachUserPolicy", "iam:CreateAccessKey",
		"iam:CreateLoginProfile", "iam:CreatePolicyVersion", "iam:DeleteRolePermissionsBoundary",
		"iam:DeleteUserPermissionsBoundary", "iam:PutGroupPolicy", "iam:PutUserPolicy", "iam:SetDefaultPolicyVersion",
		"iam:UpdateLoginProfile",
	}
}

// bounded are those that make a role powerful, or open it to others: harmless where the role is within a boundary.
func bounded() []string {
	return []string{
		"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy",
		"iam:UpdateAssumeRolePolicy",
	}
}

// handing are those that hand on, or take, the power of the roles that they name.
func handing() []string { return []string{"iam:PassRole", "sts:AssumeRole"} }

// leastPower is A1, of the policies that can be attached to anybody.
func leastPower(environment Environment, v *verdict) {
	for _, policy := range of(environment.State, typePolicy) {
		read, is := readDocument(text(policy, "policy"))
		if !is {
			v.hold(policy, "policy", false, "it cannot be read")

			continue
		}

		allowed := read.allowed()
		v.hold(policy, "policy", !slices.ContainsFunc(allowed, statement.sweeping),
			"it allows everything, or everything of a service")
		v.hold(policy, "policy", !slices.ContainsFunc(allowed, read.escalates), "it lets its holder become more powerful")
	}
}

// sweeping reports whether the statement allows everything, or everything of a service, or all but something.
func (s statement) sweeping() bool {
	return s.NotAction != nil || slices.ContainsFunc(texts(s.Action), func(action string) bool {
		return strings.HasPrefix(action, "*") || strings.HasSuffix(action, ":*")
	})
}

// escalates reports whether a statement of the document leads to more power than it gives.
func (d document) escalates(s statement) bool {
	unbound := func(action string) bool { return s.covers(action) && !s.bounds() && !d.deniesUnbound(action) }

	return slices.ContainsFunc(seizing(), s.covers) || slices.ContainsFunc(bounded(), unbound) ||
		slices.ContainsFunc(handing(), s.covers) && slices.ContainsFunc(texts(s.Resource), anyRole)
}

// bounds reports whether the statement is about what is within one boundary.
func (s statement) bounds() bool { return len(texts(s.Condition["StringEquals"][boundaryKey])) == 1 }

// deniesUnbound reports whether an action is denied wherever the boundary is another one, or none.
func (d document) deniesUnbound(action string) bool {
	return slices.ContainsFunc(d.denied(), func(s statement) bool {
		return s.covers(action) && slices.Contains(texts(s.Resource), "*") && len(s.Condition) == 1 &&
			len(texts(s.Condition["StringNotEquals"][boundaryKey])) == 1
	})
}

// anyRole reports whether a resource is every role, or cannot be told from it.
func anyRole(resource string) bool {
	_, name, found := strings.Cut(resource, ":role/")

	return !found || strings.HasPrefix(name, "*")
}

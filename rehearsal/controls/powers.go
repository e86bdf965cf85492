package controls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
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

// leastPower is A1, of the policies that can be attached to anybody, and of those that roles have by themselves.
func leastPower(environment Environment, v *verdict) {
	for _, policy := range slices.Concat(of(environment.State, typePolicy), of(environment.State, typeRolePolicy)) {
		v.holdPolicy(policy, "policy")
	}

	for _, role := range of(environment.State, typeRole) {
		for i := range list(role, "inlinePolicies") {
			v.holdPolicy(role, fmt.Sprintf("inlinePolicies[%d].policy", i))
		}

		for _, name := range policiesOf(environment.State, role) {
			if name == "AdministratorAccess" || name == "PowerUserAccess" || strings.HasSuffix(name, "FullAccess") {
				v.hold(role, "managedPolicyArns", false, "it may do everything, or everything of a service: "+name)
			}
		}
	}
}

// holdPolicy holds the policy at a path.
func (v *verdict) holdPolicy(r state.Resource, path string) {
	read, is := readDocument(text(r, path))
	if !is {
		v.hold(r, path, false, "it cannot be read")

		return
	}

	allowed := read.allowed()
	v.hold(r, path, !slices.ContainsFunc(allowed, statement.sweeping), "it allows everything, or everything of a service")
	v.hold(r, path, !slices.ContainsFunc(allowed, read.escalates), "it lets its holder become more powerful")
}

// sweeping reports whether the statement allows everything, or everything of a service, or all but something.
func (s statement) sweeping() bool {
	return s.NotAction != nil || slices.ContainsFunc(texts(s.Action), func(action string) bool {
		service, verb, _ := strings.Cut(action, ":")

		return strings.Contains(service, "*") || strings.Trim(verb, "*?") == ""
	})
}

// escalates reports whether a statement of the document leads to more power than it gives.
func (d document) escalates(s statement) bool {
	unbound := func(action string) bool { return s.covers(action) && !s.bounds() && !d.deniesUnbound(action) }

	return slices.ContainsFunc(seizing(), s.covers) || slices.ContainsFunc(bounded(), unbound) ||
		slices.ContainsFunc(handing(), s.covers) && s.ofAnyRole()
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

// ofAnyRole reports whether the statement is about every role, or all but some.
func (s statement) ofAnyRole() bool {
	named := texts(s.Resource)

	return len(named) == 0 || slices.ContainsFunc(named, anyRole)
}

// anyRole reports whether a resource is every role, or cannot be told from it.
func anyRole(resource string) bool {
	_, name, found := strings.Cut(resource, ":role/")

	return !found || strings.Trim(name, "*?") == "" || strings.HasPrefix(name, "*")
}

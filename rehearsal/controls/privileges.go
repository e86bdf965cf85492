package controls

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typePolicy = "aws:iam/policy:Policy"
	// boundaryKey is the condition key of the permissions boundary that a role has, or gets.
	boundaryKey = "iam:PermissionsBoundary"
)

// escalations are the actions that give the caller the privileges of another principal, or more privileges, on
// whichever resource they are allowed (Rhino Security Labs, "AWS IAM Privilege Escalation – Methods and Mitigation").
func escalations() []string {
	return []string{
		"iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachUserPolicy", "iam:CreateAccessKey",
		"iam:CreateLoginProfile", "iam:CreatePolicyVersion", "iam:DeleteRolePermissionsBoundary",
		"iam:DeleteUserPermissionsBoundary", "iam:PutGroupPolicy", "iam:PutUserPolicy", "iam:SetDefaultPolicyVersion",
		"iam:UpdateLoginProfile",
	}
}

// roleChanges are the actions that give a role more privileges or trust. They are harmless if the role must have a
// permissions boundary.
func roleChanges() []string {
	return []string{
		"iam:AttachRolePolicy", "iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy",
		"iam:UpdateAssumeRolePolicy",
	}
}

// leastPrivilege is A1, for policies that can be attached, and policies inside of roles.
func leastPrivilege(c *check) {
	for _, policy := range c.all(typePolicy, typeRolePolicy) {
		c.leastPrivilegeIn(policy, "policy")
	}

	for _, role := range c.all(typeRole) {
		for _, at := range elements(role, "inlinePolicies") {
			c.leastPrivilegeIn(role, at+".policy")
		}

		for _, name := range c.managedPolicies(role) {
			if is("AdministratorAccess", "PowerUserAccess")(name) || strings.HasSuffix(name, "FullAccess") {
				c.hold(role, "managedPolicyArns", false, name+" allows all actions, or all of a service")
			}
		}
	}
}

// leastPrivilegeIn checks the policy at a path.
func (c *check) leastPrivilegeIn(r state.Resource, path string) {
	policy, ok := readPolicy(text(r, path))
	if !ok {
		c.hold(r, path, false, "the policy is unreadable; expected JSON")

		return
	}

	allowed := policy.allowed()
	c.hold(r, path, !slices.ContainsFunc(allowed, statement.isSweeping),
		"the policy allows all actions, or all of a service")
	c.hold(r, path, !slices.ContainsFunc(allowed, policy.escalates), "the policy allows privilege escalation")
}

// isSweeping reports whether the statement allows everything, a whole service, or everything but some actions.
func (s statement) isSweeping() bool {
	return s.NotAction != nil || slices.ContainsFunc(texts(s.Action), func(action string) bool {
		service, verb, _ := strings.Cut(action, ":")

		return strings.Contains(service, "*") || strings.Trim(verb, "*?") == ""
	})
}

// escalates reports whether a statement of the policy allows privilege escalation.
func (p policy) escalates(s statement) bool {
	unbounded := func(action string) bool {
		return s.covers(action) && len(texts(s.Condition["StringEquals"][boundaryKey])) != 1 && !p.requiresBoundary(action)
	}

	return slices.ContainsFunc(escalations(), s.covers) || slices.ContainsFunc(roleChanges(), unbounded) ||
		(s.covers("iam:PassRole") || s.covers("sts:AssumeRole")) && s.isForAnyRole()
}

// requiresBoundary reports whether the policy denies an action on all roles without one certain permissions boundary.
func (p policy) requiresBoundary(action string) bool {
	return slices.ContainsFunc(p.denied(), func(s statement) bool {
		return s.covers(action) && slices.Contains(texts(s.Resource), "*") && len(s.Condition) == 1 &&
			len(texts(s.Condition["StringNotEquals"][boundaryKey])) == 1
	})
}

// isForAnyRole reports whether the statement applies to every role, or to all but some.
func (s statement) isForAnyRole() bool {
	resources := texts(s.Resource)

	return len(resources) == 0 || slices.ContainsFunc(resources, func(resource string) bool {
		_, name, ok := strings.Cut(resource, ":role/")

		return !ok || strings.HasPrefix(name, "*") || strings.Trim(name, "*?") == ""
	})
}

package controls

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typeIdentityProvider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	// audience is the audience of a workflow's token, as AWS's own action requests it.
	audience = "sts.amazonaws.com"
	// issuer signs the tokens of workflows.
	issuer = "token.actions.githubusercontent.com"
)

var (
	// exactSubject is the subject of a workflow's token, with a fixed repository.
	exactSubject = regexp.MustCompile(`^repo:[^/:*?]+/[^/:*?]+:[^*?]+$`)
	// tagPattern is a subject that ends in a wildcard. Only tags may have one: GitHub's rules for who can create a tag are
	// by the same patterns.
	tagPattern = regexp.MustCompile(`^repo:[^/:*?]+/[^/:*?]+:ref:refs/tags/[^*?]+\*$`)
	// subjectWithIDs is the form of subjects for repositories that were created, renamed or moved after 2026-07-15. For
	// older ones, GitHub writes the form without ids.
	subjectWithIDs = regexp.MustCompile(`^repo:([^/:@]+)@\d+/([^/:@]+)@\d+:`)
)

// workflowTrust is A2.
func workflowTrust(c *check) {
	for _, r := range c.all("aws:iam/user:User", "aws:iam/accessKey:AccessKey") {
		c.hold(r, "id", false, "access keys are valid until they are deleted; expected none")
	}

	for _, provider := range c.all(typeIdentityProvider) {
		c.hold(provider, "clientIdLists", only(input(provider, "clientIdLists"), audience),
			"tokens for other audiences are accepted; expected only "+audience)
		c.hold(provider, "url", strings.TrimPrefix(text(provider, "url"), "https://") == issuer,
			"tokens of another issuer are accepted; expected "+issuer)
	}

	for _, role := range c.all(typeRole) {
		c.trust(role)
	}
}

// trust checks that a role trusts no unknown principal. If it trusts tokens, it must pin their subjects and audience.
func (c *check) trust(role state.Resource) {
	const property = "assumeRolePolicy"

	trust, ok := readPolicy(text(role, property))
	allowed := trust.allowed()

	if !ok || slices.ContainsFunc(allowed, statement.isPublic) {
		c.hold(role, property, false, "the role trusts anyone, or its trust policy is unreadable")
	}

	if !slices.ContainsFunc(allowed, statement.isFederated) {
		return
	}

	for _, s := range allowed {
		subjects := slices.Concat(s.claim("StringEquals", "sub"), s.claim("StringLike", "sub"))
		c.hold(role, property, s.pinsTokens(), "expected trust in tokens of named subjects, for "+audience+" only")
		c.hold(role, property, haveBothForms(subjects),
			"expected each subject in both of GitHub's forms, with and without ids")

		if slices.ContainsFunc(subjects, func(subject string) bool { return strings.HasSuffix(subject, ":pull_request") }) {
			c.hold(role, "name", c.isReadOnly(role),
				"any pull request could change the account; expected policies that only read")
		}
	}
}

// isFederated reports whether the statement trusts tokens of an identity provider outside of AWS.
func (s statement) isFederated() bool {
	principals, _ := s.Principal.(map[string]any)

	return principals["Federated"] != nil
}

// claim returns the values that an operator compares with a claim of the token, such as "sub". The issuer's name
// precedes the claim's.
func (s statement) claim(operator, name string) []string {
	var found []string

	for key, values := range s.Condition[operator] {
		if strings.HasSuffix(key, ":"+name) {
			found = append(found, texts(values)...)
		}
	}

	return found
}

// pinsTokens reports whether the statement trusts only tokens with named subjects and AWS's audience.
func (s statement) pinsTokens() bool {
	exact, patterns := s.claim("StringEquals", "sub"), s.claim("StringLike", "sub")

	return len(exact)+len(patterns) > 0 && slices.Equal(s.claim("StringEquals", "aud"), []string{audience}) &&
		!slices.ContainsFunc(exact, func(subject string) bool { return !exactSubject.MatchString(subject) }) &&
		!slices.ContainsFunc(patterns, func(subject string) bool {
			return !exactSubject.MatchString(subject) && !tagPattern.MatchString(subject)
		})
}

// haveBothForms reports whether each subject is listed with ids and without.
func haveBothForms(subjects []string) bool {
	var with, without []string

	for _, subject := range subjects {
		if subjectWithIDs.MatchString(subject) {
			with = append(with, subjectWithIDs.ReplaceAllString(subject, "repo:$1/$2:"))
		} else {
			without = append(without, subject)
		}
	}

	slices.Sort(with)
	slices.Sort(without)

	return slices.Equal(with, without)
}

// isReadOnly reports whether a role has policies, all of them known, and they allow only reading.
func (c *check) isReadOnly(role state.Resource) bool {
	policies := c.policyTexts(role)

	return len(policies) > 0 && !slices.ContainsFunc(policies, func(text string) bool {
		policy, ok := readPolicy(text)

		return !ok || slices.ContainsFunc(policy.allowed(), statement.writes)
	})
}

// policyTexts returns the policies of a role. A policy that is not in the state, such as one of AWS's own, is "".
func (c *check) policyTexts(role state.Resource) []string {
	var found []string

	for _, arn := range c.policyARNs(role) {
		attached, _ := byARN(c.all(typePolicy), arn)
		found = append(found, text(attached, "policy"))
	}

	for _, policy := range c.rolePolicies(role) {
		found = append(found, text(policy, "policy"))
	}

	for _, at := range elements(role, "inlinePolicies") {
		found = append(found, text(role, at+".policy"))
	}

	return found
}

// writes reports whether the statement allows an action that does not only read, judging by AWS's names. To decrypt is
// to read.
func (s statement) writes() bool {
	return s.NotAction != nil || slices.ContainsFunc(texts(s.Action), func(action string) bool {
		_, verb, _ := strings.Cut(action, ":")

		return action != "kms:Decrypt" && !strings.HasPrefix(verb, "Describe") && !strings.HasPrefix(verb, "Get") &&
			!strings.HasPrefix(verb, "List")
	})
}

package controls

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typeIdentityProvider = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	// audience is whom a token of a workflow is for, as AWS's own action asks.
	audience = "sts.amazonaws.com"
	// issuer signs them.
	issuer = "token.actions.githubusercontent.com"
)

var (
	// subject is a token's: what of one repository the workflow runs for. Whoever could choose the repository would be
	// trusted with any.
	subject = regexp.MustCompile(`^repo:[^/:*?]+/[^/:*?]+:[^*?]+$`)
	// tags is a subject that ends as it likes. Of the kinds of subjects only a tag may: who can make one, GitHub's rules
	// say by such a pattern too.
	tags = regexp.MustCompile(`^repo:[^/:*?]+/[^/:*?]+:ref:refs/tags/[^*?]+\*$`)
	// numbered is the form with ids, which GitHub writes for repositories that were made, renamed or moved after
	// 2026-07-15; for others it writes the form without.
	numbered = regexp.MustCompile(`^repo:([^/:@]+)@\d+/([^/:@]+)@\d+:`)
)

// trustedWorkflows is A2.
func trustedWorkflows(environment Environment, v *verdict) {
	for _, lasting := range []string{"aws:iam/user:User", "aws:iam/accessKey:AccessKey"} {
		for _, r := range of(environment.State, lasting) {
			v.hold(r, "id", false, "its keys last until somebody takes them away")
		}
	}

	for _, provider := range of(environment.State, typeIdentityProvider) {
		v.hold(provider, "clientIdLists", only(input(provider, "clientIdLists"), audience),
			"it takes tokens that are not for AWS")
		v.hold(provider, "url", strings.TrimPrefix(text(provider, "url"), "https://") == issuer,
			"it takes tokens that GitHub has not signed")
	}

	for _, role := range of(environment.State, typeRole) {
		v.holdTrust(environment.State, role)
	}
}

// holdTrust holds a role to be nobody's who need not say who they are; and one that tokens are enough for, to be for
// those that its trust names, and for nobody else.
func (v *verdict) holdTrust(s *state.State, role state.Resource) {
	const property = "assumeRolePolicy"

	trust, is := readDocument(text(role, property))
	allowed := trust.allowed()

	if !is || slices.ContainsFunc(allowed, statement.public) {
		v.hold(role, property, false, "it trusts anybody, or cannot be read")
	}

	if !slices.ContainsFunc(allowed, statement.federated) {
		return
	}

	for _, one := range allowed {
		claims := one.claims()
		v.hold(role, property, one.pinned(), "it trusts others, or tokens that are for others, or of other workflows")
		v.hold(role, property, inBothForms(claims), "GitHub has two forms for whom it trusts, and it knows one")

		if slices.ContainsFunc(claims, unread) {
			v.hold(role, "name", looksOnly(s, role), "whoever opens a pull request can change something")
		}
	}
}

// federated reports whether the statement trusts tokens of somebody who is not AWS.
func (s statement) federated() bool {
	principals, _ := s.Principal.(map[string]any)

	return principals["Federated"] != nil
}

// claim returns what an operator compares a claim of the token with: `sub` and `aud` come after the name of who signs.
func (s statement) claim(operator, name string) []string {
	var found []string

	for key, values := range s.Condition[operator] {
		if strings.HasSuffix(key, ":"+name) {
			found = append(found, texts(values)...)
		}
	}

	return found
}

// claims are the subjects that the statement trusts.
func (s statement) claims() []string {
	return slices.Concat(s.claim("StringEquals", "sub"), s.claim("StringLike", "sub"))
}

// pinned reports whether the statement trusts tokens that are for AWS and of subjects that it names, and no others.
func (s statement) pinned() bool {
	for _, exact := range s.claim("StringEquals", "sub") {
		if !subject.MatchString(exact) {
			return false
		}
	}

	for _, pattern := range s.claim("StringLike", "sub") {
		if !subject.MatchString(pattern) && !tags.MatchString(pattern) {
			return false
		}
	}

	return len(s.claims()) > 0 && slices.Equal(s.claim("StringEquals", "aud"), []string{audience})
}

// inBothForms reports whether each subject is there with ids and without.
func inBothForms(claims []string) bool {
	var with, without []string

	for _, claim := range claims {
		if numbered.MatchString(claim) {
			with = append(with, numbered.ReplaceAllString(claim, "repo:$1/$2:"))
		} else {
			without = append(without, claim)
		}
	}

	slices.Sort(with)
	slices.Sort(without)

	return slices.Equal(with, without)
}

// unread reports whether a subject is what nobody need have read.
func unread(claim string) bool { return strings.HasSuffix(claim, ":pull_request") }

// looksOnly reports whether a role has policies, knows them all, and they change nothing.
func looksOnly(s *state.State, role state.Resource) bool {
	written := documentsOf(s, role)

	return len(written) > 0 && !slices.ContainsFunc(written, func(text string) bool {
		policy, is := readDocument(text)

		return !is || slices.ContainsFunc(policy.allowed(), statement.changes)
	})
}

// documentsOf are the policies of a role. Of one that the state does not hold, such as AWS's own, the text is empty.
func documentsOf(s *state.State, role state.Resource) []string {
	var written []string

	for _, attachment := range of(s, typeAttachment) {
		if belongs(attachment, role) {
			attached, _ := byARN(of(s, typePolicy), text(attachment, "policyArn"))
			written = append(written, text(attached, "policy"))
		}
	}

	for _, arn := range texts(input(role, "managedPolicyArns")) {
		attached, _ := byARN(of(s, typePolicy), arn)
		written = append(written, text(attached, "policy"))
	}

	for _, own := range of(s, typeRolePolicy) {
		if belongs(own, role) {
			written = append(written, text(own, "policy"))
		}
	}

	for i := range list(role, "inlinePolicies") {
		written = append(written, text(role, fmt.Sprintf("inlinePolicies[%d].policy", i)))
	}

	return written
}

// changes reports whether the statement allows what does not only look, as AWS names its actions. To decrypt is to
// look.
func (s statement) changes() bool {
	return s.NotAction != nil || slices.ContainsFunc(texts(s.Action), func(action string) bool {
		_, verb, _ := strings.Cut(action, ":")
		looks := action == "kms:Decrypt" || strings.HasPrefix(verb, "Describe") || strings.HasPrefix(verb, "Get") ||
			strings.HasPrefix(verb, "List")

		return !looks
	})
}

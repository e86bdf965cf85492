package access

import (
	"fmt"
	"strings"

	"github.com/msur/platform/internal/policy"
)

// issuer signs the tokens of GitHub's workflows; audience is the audience that AWS's own action requests.
const (
	issuer   = "token.actions.githubusercontent.com"
	audience = "sts.amazonaws.com"
)

// Repository is a repository whose workflows are trusted.
type Repository struct {
	// Organization and Name are as in github.com/<organization>/<name>.
	Organization, Name string
	// OrganizationID and ID are GitHub's numbers for them, which are never reused.
	OrganizationID, ID string
}

// Subject is what triggers a workflow, such as "ref:refs/heads/main": the end of the token's claim `sub`.
type Subject string

// PullRequest is any pull request from a branch of the repository. A pull request from a fork gets no token.
const PullRequest Subject = "pull_request"

// Branch is a push to a branch, or a scheduled or manual run on it.
func Branch(name string) Subject { return Subject("ref:refs/heads/" + name) }

// Tag is a push of a tag. A * in it matches any characters.
func Tag(pattern string) Subject { return Subject("ref:refs/tags/" + pattern) }

// Environment is a job in one of the repository's environments, whose protection rules GitHub enforces.
func Environment(name string) Subject { return Subject("environment:" + name) }

// isPattern reports whether the subject matches several.
func (s Subject) isPattern() bool { return strings.Contains(string(s), "*") }

// claims are GitHub's forms of the subject: with names alone, or with ids for repositories that were created, renamed
// or moved after 2026-07-15. A repository that takes over an abandoned name has another id.
func (r Repository) claims(subject Subject) []string {
	return []string{
		fmt.Sprintf("repo:%s/%s:%s", r.Organization, r.Name, subject),
		fmt.Sprintf("repo:%s@%s/%s@%s:%s", r.Organization, r.OrganizationID, r.Name, r.ID, subject),
	}
}

// trust admits workflows with one of the subjects. Patterns have a statement of their own; in the statement of exact
// subjects, a * has no meaning.
func (r Repository) trust(provider string, subjects []Subject) []policy.Statement {
	var exact, patterns []string

	for _, subject := range subjects {
		if subject.isPattern() {
			patterns = append(patterns, r.claims(subject)...)
		} else {
			exact = append(exact, r.claims(subject)...)
		}
	}

	var statements []policy.Statement

	for _, group := range []struct {
		sid, operator string
		claims        []string
	}{{"Workflows", policy.Equals, exact}, {"WorkflowsOfTags", "StringLike", patterns}} {
		if len(group.claims) == 0 {
			continue
		}

		conditions := policy.Conditions{policy.Equals: {issuer + ":aud": {audience}}}
		if conditions[group.operator] == nil {
			conditions[group.operator] = map[string][]string{}
		}

		conditions[group.operator][issuer+":sub"] = group.claims

		statements = append(statements, policy.Statement{
			SID:        group.sid,
			Principal:  map[string]string{"Federated": provider},
			Actions:    []string{"sts:AssumeRoleWithWebIdentity"},
			Conditions: conditions,
		})
	}

	return statements
}

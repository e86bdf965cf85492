package access

import (
	"fmt"
	"strings"

	"github.com/msur/platform/internal/policy"
)

// issuer is who signs the tokens of GitHub's workflows; audience is whom they are for, as AWS's own action asks.
const (
	issuer   = "token.actions.githubusercontent.com"
	audience = "sts.amazonaws.com"
)

// Repository is whose workflows are trusted.
type Repository struct {
	// Organization and Name are as in github.com/<organization>/<name>.
	Organization, Name string
	// OrganizationID and ID are the numbers that GitHub never gives twice.
	OrganizationID, ID string
}

// Subject is what a workflow runs for, such as "ref:refs/heads/main": the end of the token's claim `sub`.
type Subject string

// PullRequest is any pull request from a branch of the repository. One from a fork gets no token.
const PullRequest Subject = "pull_request"

// Branch is a push to a branch, and what runs there by a schedule or by hand.
func Branch(name string) Subject { return Subject("ref:refs/heads/" + name) }

// Tag is a push of a tag; a * in it stands for whatever.
func Tag(pattern string) Subject { return Subject("ref:refs/tags/" + pattern) }

// Environment is a job that GitHub lets into one of the repository's environments, by the rules that it has.
func Environment(name string) Subject { return Subject("environment:" + name) }

// isPattern reports whether the subject stands for several.
func (s Subject) isPattern() bool { return strings.Contains(string(s), "*") }

// claims are the forms that GitHub writes the subject in: with names alone, and for repositories that were made,
// renamed or moved after 2026-07-15, with ids too. Who takes over a name that was given up has another id.
func (r Repository) claims(subject Subject) []string {
	return []string{
		fmt.Sprintf("repo:%s/%s:%s", r.Organization, r.Name, subject),
		fmt.Sprintf("repo:%s@%s/%s@%s:%s", r.Organization, r.OrganizationID, r.Name, r.ID, subject),
	}
}

// trust lets workflows in that run for one of the subjects. Patterns have a statement of their own: in no other does
// a * mean anything.
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

// Package policy writes IAM policy documents that also deny, and knows how long they may be. Components have their
// own writer, which knows no denials, in components/internal.
package policy

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// version of the policy language; AWS has had no newer one since 2012.
const version = "2012-10-17"

// IAM's quotas, which no request to AWS raises beyond what is said (IAM User Guide, "IAM and AWS STS quotas"): the
// characters of a managed policy without white space, those of a role's trust policy, and how many managed policies a
// role has where nobody has asked for more.
const (
	MaxManaged  = 6144
	MaxTrust    = 2048
	MaxAttached = 10
)

// Equals compares texts as they are: a * means nothing in it.
const Equals = "StringEquals"

// Anybody is whoever calls; what a statement denies to them, it denies to all.
func Anybody() map[string]string { return map[string]string{"AWS": "*"} }

// Conditions maps an operator such as "StringEquals" to the keys it compares, and each to the values of which one
// must match.
type Conditions map[string]map[string][]string

// Statement allows actions, or denies them whatever else allows them.
type Statement struct {
	// SID names the statement within its document.
	SID  string
	Deny bool
	// Principal maps a kind ("AWS", "Federated") to the one that is meant; empty in an identity policy.
	Principal map[string]string
	Actions   []string
	// Resources the actions apply to, as ARNs; empty in a trust policy.
	Resources  []string
	Conditions Conditions
}

// JSON returns the document that holds the statements. The same statements always give the same text, so that a
// policy never differs from run to run.
func JSON(statements ...Statement) (string, error) {
	written := make([]map[string]any, 0, len(statements))
	for _, s := range statements {
		written = append(written, s.plain())
	}

	text, err := json.Marshal(map[string]any{"Version": version, "Statement": written})
	if err != nil {
		return "", fmt.Errorf("writing a policy document: %w", err)
	}

	return string(text), nil
}

// plain is the statement in the words of the policy language.
func (s Statement) plain() map[string]any {
	effect := "Allow"
	if s.Deny {
		effect = "Deny"
	}

	plain := map[string]any{"Effect": effect, "Action": s.Actions}
	if s.SID != "" {
		plain["Sid"] = s.SID
	}

	if len(s.Principal) > 0 {
		plain["Principal"] = s.Principal
	}

	if len(s.Resources) > 0 {
		plain["Resource"] = s.Resources
	}

	if len(s.Conditions) > 0 {
		plain["Condition"] = s.Conditions
	}

	return plain
}

// Size is how many characters IAM counts in a document: white space is free.
func Size(document string) int {
	return len([]rune(strings.Map(func(letter rune) rune {
		if unicode.IsSpace(letter) {
			return -1
		}

		return letter
	}, document)))
}

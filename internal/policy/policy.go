// Package policy writes IAM policy documents: identity, trust, key and bucket policies as Go values.
package policy

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// version is the newest version of the policy language.
const version = "2012-10-17"

// IAM's default quotas (IAM User Guide, "IAM and AWS STS quotas"): the characters of a managed policy and of a role's
// trust policy, both without white space, and the number of managed policies of a role.
const (
	MaxManaged  = 6144
	MaxTrust    = 2048
	MaxAttached = 10
)

// Equals compares strings literally: a * is not a pattern.
const Equals = "StringEquals"

// Conditions maps an operator such as "StringEquals" to keys, and each key to values, one of which must match.
type Conditions map[string]map[string][]string

// Statement allows actions, or denies them regardless of other statements.
type Statement struct {
	// SID names the statement within its document.
	SID string
	// Deny denies the actions. Otherwise they are allowed.
	Deny bool
	// Principal maps a kind ("AWS", "Service", "Federated") to a principal; empty in an identity policy.
	Principal map[string]string
	Actions   []string
	// Resources are ARNs; empty in a trust policy.
	Resources  []string
	Conditions Conditions
}

// Service is an AWS service as a principal.
func Service(name string) map[string]string { return map[string]string{"Service": name} }

// Anybody is every principal. Use it in statements that deny.
func Anybody() map[string]string { return map[string]string{"AWS": "*"} }

// Trust is a trust policy's statement, which allows a service to assume a role.
func Trust(sid, service string, conditions Conditions) Statement {
	return Statement{
		SID: sid, Principal: Service(service), Actions: []string{"sts:AssumeRole"}, Conditions: conditions,
	}
}

type (
	document struct {
		Version   string      `json:"Version"`
		Statement []statement `json:"Statement"`
	}

	statement struct {
		Sid       string            `json:"Sid,omitempty"`
		Effect    string            `json:"Effect"`
		Principal map[string]string `json:"Principal,omitempty"`
		Action    []string          `json:"Action"`
		Resource  []string          `json:"Resource,omitempty"`
		Condition Conditions        `json:"Condition,omitempty"`
	}
)

// JSON returns the document with the statements. The same statements give the same string, so that a policy never
// differs from run to run.
func JSON(statements ...Statement) (string, error) {
	doc := document{Version: version, Statement: make([]statement, 0, len(statements))}

	for _, s := range statements {
		effect := "Allow"
		if s.Deny {
			effect = "Deny"
		}

		doc.Statement = append(doc.Statement, statement{
			Sid: s.SID, Effect: effect, Principal: s.Principal, Action: s.Actions,
			Resource: s.Resources, Condition: s.Conditions,
		})
	}

	text, err := json.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("writing a policy document: %w", err)
	}

	return string(text), nil
}

// Size is the number of characters that IAM counts in a document, which exclude white space.
func Size(document string) int {
	return len([]rune(strings.Map(func(letter rune) rune {
		if unicode.IsSpace(letter) {
			return -1
		}

		return letter
	}, document)))
}

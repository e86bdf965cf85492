// Package policy writes IAM policy documents: identity, trust and key policies as Go values.
package policy

import (
	"encoding/json"
	"fmt"
)

// version of the policy language; AWS has had no newer one since 2012.
const version = "2012-10-17"

// Conditions maps an operator such as "StringEquals" to the keys it compares, and each to the values of which one
// must match.
type Conditions map[string]map[string][]string

// Statement allows actions. There is no effect to choose: what no statement allows is denied.
type Statement struct {
	// SID names the statement within its document.
	SID string
	// Principal maps a kind ("AWS", "Service") to the one that is allowed; empty in an identity policy.
	Principal map[string]string
	Actions   []string
	// Resources the actions apply to, as ARNs; empty in a trust policy.
	Resources  []string
	Conditions Conditions
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

// JSON returns the document that holds the statements. The same statements always give the same text, so
// that a policy never differs from run to run.
func JSON(statements ...Statement) (string, error) {
	doc := document{Version: version, Statement: make([]statement, 0, len(statements))}
	for _, s := range statements {
		doc.Statement = append(doc.Statement, statement{
			Sid: s.SID, Effect: "Allow", Principal: s.Principal, Action: s.Actions,
			Resource: s.Resources, Condition: s.Conditions,
		})
	}

	text, err := json.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("writing a policy document: %w", err)
	}

	return string(text), nil
}

package account_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
)

// statement is a statement of a policy document.
type statement struct {
	Effect    string                         `json:"effect"`
	Action    []string                       `json:"action"`
	Resource  []string                       `json:"resource"`
	Condition map[string]map[string][]string `json:"condition"`
}

// request is a call of AWS: the action, the ARN of the resource, and the values of condition keys.
type request struct {
	action, resource string
	context          map[string]string
}

// power is the permissions of a role: its policies, limited by its boundary.
type power struct{ policies, boundary []statement }

// powerOf reads the policies of a role in the graph.
func powerOf(t *testing.T, g *graphtest.Graph, role string) power {
	t.Helper()

	documents := make(map[string][]statement)

	for _, r := range g.All("aws:iam/policy:Policy") {
		var document struct {
			Statement []statement `json:"statement"`
		}
		require.NoError(t, json.Unmarshal([]byte(r.Inputs["policy"].StringValue()), &document))

		documents["arn:aws:iam:us-east-1:123456789012:"+r.ID] = document.Statement
	}

	var found power

	for _, r := range g.All("aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
		if r.Inputs["role"].StringValue() == role {
			found.policies = append(found.policies, documents[r.Inputs["policyArn"].StringValue()]...)
		}
	}

	for _, r := range g.All("aws:iam/role:Role") {
		if limit := r.Inputs["permissionsBoundary"]; r.Inputs["name"].StringValue() == role && limit.IsString() {
			found.boundary = documents[limit.StringValue()]
			require.NotEmpty(t, found.boundary)
		}
	}

	require.NotEmpty(t, found.policies)

	return found
}

// allows decides as IAM does, for the elements in our documents (IAM User Guide, "Policy evaluation logic").
func (p power) allows(r request) bool {
	if decides(p.policies, "Deny", r) || decides(p.boundary, "Deny", r) {
		return false
	}

	return decides(p.policies, "Allow", r) && (p.boundary == nil || decides(p.boundary, "Allow", r))
}

func decides(statements []statement, effect string, r request) bool {
	return slices.ContainsFunc(statements, func(s statement) bool {
		return s.Effect == effect && matchesOne(s.Action, r.action) && matchesOne(s.Resource, r.resource) && s.holds(r)
	})
}

func (s statement) holds(r request) bool {
	for operator, keys := range s.Condition {
		for key, values := range keys {
			given, is := r.context[key]

			switch operator {
			case "StringEquals":
				is = is && slices.Contains(values, given)
			case "StringNotEquals":
				is = !is || !slices.Contains(values, given)
			default:
				panic("unknown operator " + operator)
			}

			if !is {
				return false
			}
		}
	}

	return true
}

func matchesOne(patterns []string, value string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, value) })
}

// matches reports whether a value matches a pattern, in which * stands for any characters.
func matches(pattern, value string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == value
	}

	rest, ok := strings.CutPrefix(value, parts[0])

	for _, part := range parts[1 : len(parts)-1] {
		if ok {
			_, rest, ok = strings.Cut(rest, part)
		}
	}

	return ok && strings.HasSuffix(rest, parts[len(parts)-1])
}

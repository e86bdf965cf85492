package access_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/infra/bootstrap/access"
)

const roleType = "aws:iam/role:Role"

// args returns the arguments of an account with one environment.
func args() *access.Args {
	return &access.Args{
		Name: "platform", Place: graphtest.Place(),
		Environments: []string{"sandbox"},
		Repository:   access.Repository{Organization: "msur", OrganizationID: "11", Name: "platform", ID: "22"},
		MainBranch:   "main",
		Deployers:    []access.Subject{access.Environment("sandbox")},
		BucketARN:    pulumi.String("arn:aws:s3:::states"),
		KeyARN:       pulumi.String("arn:aws:kms:us-east-1:123456789012:key/k"),
	}
}

func run(t *testing.T, args *access.Args) *graphtest.Graph {
	t.Helper()

	return graphtest.Run(t, func(ctx *pulumi.Context) error {
		_, err := access.New(ctx, "access", args)

		return err
	})
}

// trust is the trust policy of a role.
func trust(t *testing.T, g *graphtest.Graph, role string) []map[string]any {
	t.Helper()

	for _, r := range g.All(roleType) {
		if r.Name == role {
			var document struct {
				Statement []map[string]any `json:"statement"`
			}
			require.NoError(t, json.Unmarshal([]byte(r.Inputs["assumeRolePolicy"].StringValue()), &document))

			return document.Statement
		}
	}

	require.Fail(t, "no such role", role)

	return nil
}

func TestRolesTrustOnlyTheirWorkflows(t *testing.T) {
	t.Parallel()

	tests := map[string][]any{
		"access-preview": {"repo:msur/platform:pull_request", "repo:msur@11/platform@22:pull_request"},
		"access-drift":   {"repo:msur/platform:ref:refs/heads/main", "repo:msur@11/platform@22:ref:refs/heads/main"},
		"access-images":  {"repo:msur/platform:ref:refs/heads/main", "repo:msur@11/platform@22:ref:refs/heads/main"},
		"access-deploy":  {"repo:msur/platform:environment:sandbox", "repo:msur@11/platform@22:environment:sandbox"},
	}

	g := run(t, args())
	assert.Len(t, g.All(roleType), len(tests), "there are no other roles")

	for role, subjects := range tests {
		assert.Equal(t, []map[string]any{{
			"Sid":       "Workflows",
			"Effect":    "Allow",
			"Principal": map[string]any{"Federated": "arn:aws:iam:us-east-1:123456789012:OpenIdConnectProvider-access-github"},
			"Action":    []any{"sts:AssumeRoleWithWebIdentity"},
			"Condition": map[string]any{"StringEquals": map[string]any{
				"token.actions.githubusercontent.com:aud": []any{"sts.amazonaws.com"},
				"token.actions.githubusercontent.com:sub": subjects,
			}},
		}}, trust(t, g, role), role)
	}
}

func TestTagsAreTrustedByTheirPattern(t *testing.T) {
	t.Parallel()

	tagged := args()
	tagged.Deployers = []access.Subject{access.Branch("release"), access.Tag("v*")}

	statements := trust(t, run(t, tagged), "access-deploy")
	require.Len(t, statements, 2)

	const aud, sub = "token.actions.githubusercontent.com:aud", "token.actions.githubusercontent.com:sub"

	for i, conditions := range []map[string]any{
		{
			"StringEquals": map[string]any{
				aud: []any{"sts.amazonaws.com"},
				sub: []any{"repo:msur/platform:ref:refs/heads/release", "repo:msur@11/platform@22:ref:refs/heads/release"},
			},
		},
		{
			"StringEquals": map[string]any{aud: []any{"sts.amazonaws.com"}},
			"StringLike": map[string]any{
				sub: []any{"repo:msur/platform:ref:refs/tags/v*", "repo:msur@11/platform@22:ref:refs/tags/v*"},
			},
		},
	} {
		assert.Equal(t, conditions, statements[i]["Condition"])
	}
}

package access_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/infra/bootstrap/access"
	"github.com/msur/platform/internal/policy"
)

const (
	policyType     = "aws:iam/policy:Policy"
	attachmentType = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	// uuid ends the ARN of a key.
	uuid = "01234567-89ab-cdef-0123-456789abcdef"
)

func TestTheIdentityProviderIsOnlyForAWS(t *testing.T) {
	t.Parallel()

	run(t, args()).One(t, "aws:iam/openIdConnectProvider:OpenIdConnectProvider", "access-github").
		Under("access").
		Has("url", "https://token.actions.githubusercontent.com").
		Has("clientIdLists", []any{"sts.amazonaws.com"})
}

// attached are the parts of the policies of each role.
func attached(g *graphtest.Graph) map[string][]string {
	policies := make(map[string][]string)

	for _, r := range g.All(attachmentType) {
		role := strings.TrimPrefix(r.Inputs["role"].StringValue(), "platform-")
		arn := r.Inputs["policyArn"].StringValue()
		policies[role] = append(policies[role], arn[strings.LastIndex(arn, "access-")+len("access-"):])
	}

	for role := range policies {
		slices.Sort(policies[role])
	}

	return policies
}

func TestRolesHaveTheirPolicies(t *testing.T) {
	t.Parallel()

	assert.Equal(t, map[string][]string{
		"preview": {"preview"},
		"drift":   {"preview", "reads"},
		"images":  {"images"},
		"deploy": {
			"deploy-cluster", "deploy-data", "deploy-identity", "deploy-network", "preview", "reads", "state",
		},
	}, attached(run(t, args())))
}

func TestTheDeployRoleHasTheBoundary(t *testing.T) {
	t.Parallel()

	g := run(t, args())
	g.One(t, roleType, "access-deploy").
		Has("name", "platform-deploy").
		Has("maxSessionDuration", 7200).
		Refers("permissionsBoundary", policyType, "access-boundary")

	for _, role := range []string{"drift", "images", "preview"} {
		g.One(t, roleType, "access-"+role).
			Has("name", "platform-"+role).
			Has("maxSessionDuration", 3600).
			HasNo("permissionsBoundary")
	}
}

// The policy of the states' key denies changes by these roles.
func TestTheNamesOfRolesAreKnownInAdvance(t *testing.T) {
	t.Parallel()

	var made []string
	for _, r := range run(t, args()).All(roleType) {
		made = append(made, r.Inputs["name"].StringValue())
	}

	assert.ElementsMatch(t, append(made, "sandbox-*"), access.RoleNames("platform", []string{"sandbox"}))
}

// documents returns the statements of each policy, by the policy's part.
func documents(t *testing.T, g *graphtest.Graph) map[string]string {
	t.Helper()

	texts := make(map[string]string)
	for _, r := range g.All(policyType) {
		texts[strings.TrimPrefix(r.Name, "access-")] = r.Inputs["policy"].StringValue()
	}

	return texts
}

func TestEveryPolicyIsAttachedAndFits(t *testing.T) {
	t.Parallel()

	// The longest names of AWS, and more environments than this repository has.
	long := args()
	long.Place.Partition, long.Place.Region = "aws-us-gov", "ap-southeast-1"
	long.Environments = []string{"sandbox", "staging", "production"}
	long.BucketARN = pulumi.String("arn:aws-us-gov:s3:::platform-state-20261125131415123400000001")
	long.KeyARN = pulumi.String("arn:aws-us-gov:kms:ap-southeast-1:123456789012:key/" + uuid)

	g := run(t, long)

	given := []string{"boundary"}
	for _, policies := range attached(g) {
		given = append(given, policies...)
		assert.LessOrEqual(t, len(policies), policy.MaxAttached)
	}

	slices.Sort(given)

	texts := documents(t, g)
	assert.ElementsMatch(t, slices.Compact(given), slices.Collect(maps.Keys(texts)))

	for part, text := range texts {
		assert.LessOrEqual(t, policy.Size(text), policy.MaxManaged, part)
	}

	for _, r := range g.All(roleType) {
		assert.LessOrEqual(t, policy.Size(r.Inputs["assumeRolePolicy"].StringValue()), policy.MaxTrust, r.Name)
	}
}

func TestAPolicyLongerThanIAMAllowsIsRefused(t *testing.T) {
	t.Parallel()

	many := args()
	for i := range 40 {
		many.Environments = append(many.Environments, fmt.Sprintf("trial%d", i))
	}

	_, err := graphtest.Try(func(ctx *pulumi.Context) error {
		_, err := access.New(ctx, "access", many)

		return err
	})
	require.ErrorContains(t, err, "at most 6144")
	require.ErrorContains(t, err, "bootstrap:environments")
}

// A workflow that runs unreviewed code changes nothing.
func TestThePreviewAndDriftRolesChangeNothing(t *testing.T) {
	t.Parallel()

	texts := documents(t, run(t, args()))

	for _, part := range []string{"preview", "reads"} {
		var document struct {
			Statement []struct {
				Effect   string   `json:"effect"`
				Action   []string `json:"action"`
				Resource []string `json:"resource"`
			} `json:"statement"`
		}
		require.NoError(t, json.Unmarshal([]byte(texts[part]), &document))

		for _, statement := range document.Statement {
			for _, action := range statement.Action {
				if action == "kms:Decrypt" || action == "s3:GetObject" {
					assert.NotContains(t, statement.Resource, "*", "%s only on the states", action)

					continue
				}

				assert.Regexp(t, "^[a-z0-9]+:(BatchGet|Describe|Get|List)", action, part)
			}
		}
	}
}

func TestRolesReadAndWriteTheStatesInTheBucket(t *testing.T) {
	t.Parallel()

	run(t, args()).One(t, policyType, "access-state").JSON("policy", `{
		"Version": "2012-10-17",
		"Statement": [
			{
				"Sid": "WritesStates",
				"Effect": "Allow",
				"Action": ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
				"Resource": ["arn:aws:s3:::states", "arn:aws:s3:::states/*"]
			},
			{
				"Sid": "EncryptsThem",
				"Effect": "Allow",
				"Action": ["kms:Decrypt", "kms:GenerateDataKey"],
				"Resource": ["arn:aws:kms:us-east-1:123456789012:key/k"]
			}
		]
	}`)
}

func TestTheARNOfARoleWaitsForItsPolicies(t *testing.T) {
	t.Parallel()

	var values graphtest.Values

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		made, err := access.New(ctx, "access", args())
		if err != nil {
			return err
		}

		values.Keep("deploy", made.RoleARNs["deploy"])
		values.Keep("boundary", made.BoundaryARN)

		return nil
	})

	values.Has(t, "deploy", "arn:aws:iam:us-east-1:123456789012:Role-access-deploy")
	values.Has(t, "boundary", "arn:aws:iam:us-east-1:123456789012:Policy-access-boundary")
}

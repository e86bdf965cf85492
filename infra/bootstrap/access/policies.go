package access

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/infra/bootstrap/permissions"
	"github.com/msur/platform/internal/policy"
	"github.com/msur/platform/internal/scope"
)

// The names of the managed policies that the table of permissions does not define. Some are also names of roles.
const (
	preview  = "preview"
	drift    = "drift"
	deploy   = "deploy"
	images   = "images"
	boundary = "boundary"
	// state has the permissions for the states of all stacks.
	state = "state"
)

// managed creates the managed policies.
func (b *builder) managed() error {
	descriptions, documents := b.descriptions(), b.documents()

	for _, part := range slices.Sorted(maps.Keys(documents)) {
		made, err := iam.NewPolicy(b.Ctx, b.Logical(part), &iam.PolicyArgs{
			Name:        pulumi.String(b.Physical(part)),
			Description: pulumi.String(descriptions[part]),
			Policy:      b.document(part, documents[part]),
			Tags:        b.Tags(part),
		}, b.Child())
		if err != nil {
			return fmt.Errorf("policy %s: %w", part, err)
		}

		b.policies[part] = made
	}

	return nil
}

// documents returns the statements of each policy, given the ARNs of the states' bucket and key.
func (b *builder) documents() map[string]func(bucket, key string) []policy.Statement {
	known := func(statements ...policy.Statement) func(string, string) []policy.Statement {
		return func(string, string) []policy.Statement { return statements }
	}

	documents := map[string]func(bucket, key string) []policy.Statement{
		preview: func(bucket, key string) []policy.Statement {
			return append(readsState(bucket, key), b.table.Questions(), b.nodeReleases())
		},
		state:    writesState,
		images:   known(b.pushes()...),
		boundary: func(bucket, _ string) []policy.Statement { return limits(b.table, b.place, bucket) },
	}

	for part, statements := range b.table.Deploy(b.place) {
		documents[b.deploys(part)] = known(statements...)
	}

	return documents
}

// deploys returns the name of a policy of the deploy role.
func (*builder) deploys(part string) string {
	if part == permissions.Reads {
		return part // drift has it too
	}

	return deploy + "-" + part
}

// document writes statements when the ARNs of the bucket and the key are known.
func (b *builder) document(
	part string, statements func(bucket, key string) []policy.Statement,
) pulumi.StringOutput {
	//nolint:forcetypeassert // the function gets and returns strings
	return pulumi.All(b.args.BucketARN, b.args.KeyARN).ApplyT(func(known []any) (string, error) {
		return fitting(part, statements(known[0].(string), known[1].(string)))
	}).(pulumi.StringOutput)
}

// fitting writes a managed policy, and refuses one that is too long for AWS before any policy changes.
func fitting(part string, statements []policy.Statement) (string, error) {
	text, err := policy.JSON(statements...)
	if err != nil {
		return "", fmt.Errorf("policy %s: %w", part, err)
	}

	if size := policy.Size(text); size > policy.MaxManaged {
		return "", fmt.Errorf("policy %s: got %d characters, expected at most %d, IAM's quota: the policy names each of "+
			"bootstrap:environments, so deploy some of them to another account", part, size, policy.MaxManaged)
	}

	return text, nil
}

// limits are the statements of the boundary.
func limits(table *permissions.Table, place permissions.Place, bucket string) []policy.Statement {
	return append(table.Boundary(place), writesObjects(bucket))
}

// CheckEnvironments returns an error if the boundary, the only policy that names each environment twice, would be too
// long for AWS.
func CheckEnvironments(place scope.Place, name string, environments []string) error {
	table, err := permissions.Load()
	if err != nil {
		return fmt.Errorf("planning the boundary: %w", err)
	}

	// AWS ends the name of the bucket with 26 digits.
	bucket := "arn:" + place.Partition + ":s3:::" + name + "-state-" + strings.Repeat("0", 26)
	_, err = fitting(boundary, limits(table, permissions.Place{
		Place: place, Environments: environments, Boundary: name + "-" + boundary,
	}, bucket))

	return err
}

// descriptions returns the descriptions of the policies in AWS.
func (b *builder) descriptions() map[string]string {
	descriptions := map[string]string{
		preview:  "Reads states, and answers what the program asks of the account",
		state:    "Writes states",
		images:   "Pushes images of the services",
		boundary: "What the deploy role, and every role that it makes, may do at most",
	}

	for part := range b.table.Deploy(b.place) {
		descriptions[b.deploys(part)] = "What deploying an environment does: " + part
	}

	descriptions[permissions.Reads] = "Looks at all that the program makes"

	return descriptions
}

// nodeReleases allows a workflow to look for new images of nodes. These parameters are AWS's, and public.
func (b *builder) nodeReleases() policy.Statement {
	return policy.Statement{
		SID: "NodeReleases", Actions: []string{"ssm:GetParameter"},
		Resources: []string{
			"arn:" + b.args.Place.Partition + ":ssm:*::parameter/aws/service/eks/optimized-ami/*",
		},
	}
}

// pushes allows pushing images, and checking whether an image exists, because existing images are not pushed again
// (Amazon ECR User Guide, "IAM permissions for pushing an image").
func (b *builder) pushes() []policy.Statement {
	repositories := b.args.Place.ARN("ecr", "repository/"+b.args.Name+"/*")

	return []policy.Statement{
		{SID: "LogsIn", Actions: []string{"ecr:GetAuthorizationToken"}, Resources: []string{"*"}},
		{
			SID: "Pushes",
			Actions: []string{
				"ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
				"ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
			},
			Resources: []string{repositories},
		},
	}
}

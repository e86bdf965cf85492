// Package logs creates the log groups that AWS's services write to.
package logs

import (
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// GroupArgs are the inputs of NewGroup. All but Existing are required.
type GroupArgs struct {
	// Name is the name of the group. The service that writes to the group chooses it.
	Name string
	// RetentionDays is one of the periods that CloudWatch Logs accepts.
	RetentionDays int
	// KeyARN is the KMS key that encrypts the group.
	KeyARN pulumi.StringInput
	// Existing are the names of the log groups that the account already has. EKS and RDS recreate theirs, without
	// retention, key and tags, when their last lines arrive after the group was deleted.
	Existing []string
}

// NewGroup creates the log group of a part. A group that exists but is not in the state, such as the leftover of a
// destroyed environment, is imported and updated in the same run. The engine ignores the import of a group that is in
// the state.
func NewGroup(s scope.Scope, part string, args *GroupArgs) (*cloudwatch.LogGroup, error) {
	opts := []pulumi.ResourceOption{s.Child()}
	if slices.Contains(args.Existing, args.Name) {
		opts = append(opts, pulumi.Import(pulumi.ID(args.Name)))
	}

	return cloudwatch.NewLogGroup(s.Ctx, s.Logical(part), &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(args.Name),
		RetentionInDays: pulumi.Int(args.RetentionDays),
		KmsKeyId:        args.KeyARN,
		Tags:            s.Tags(part),
	}, opts...)
}

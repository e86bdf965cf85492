// Package logs declares the log groups that AWS's services write to.
package logs

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// GroupArgs are the inputs of NewGroup. All but Existing are required.
type GroupArgs struct {
	// Name is the group's; a service that writes to it has chosen it.
	Name string
	// RetentionDays is one of the periods that CloudWatch Logs accepts.
	RetentionDays int
	// KeyARN is the KMS key that encrypts the group.
	KeyARN pulumi.StringInput
	// Existing are the names of the log groups that the account already has. EKS and RDS create theirs again when their
	// last lines arrive after the group was deleted, without retention, key and tags.
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

	group, err := cloudwatch.NewLogGroup(s.Ctx, s.Logical(part), &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(args.Name),
		RetentionInDays: pulumi.Int(args.RetentionDays),
		KmsKeyId:        args.KeyARN,
		Tags:            s.Tags(part),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("log group %s: %w", args.Name, err)
	}

	return group, nil
}

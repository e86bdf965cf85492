// Package logs declares the log groups that AWS's services write to.
package logs

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// GroupArgs are the inputs of NewGroup. All but Existing are required.
type GroupArgs struct {
	// Name is the group's; a service that writes to it has chosen it.
	Name string
	// RetentionDays is one of the periods that CloudWatch Logs accepts.
	RetentionDays int
	// KeyARN is the KMS key that encrypts the group.
	KeyARN pulumi.StringInput
	Tags   pulumi.StringMap
	// Existing are the names of the log groups that the account already has. EKS and RDS create theirs again when their
	// last lines arrive after the group was deleted, without retention, key and tags.
	Existing []string
}

// NewGroup declares a log group. One that exists and is not in the state, such as the leftover of a destroyed
// environment, is imported, and updated to what is declared in the same run. For one that is in the state, the engine
// ignores the import.
func NewGroup(
	ctx *pulumi.Context, name string, args *GroupArgs, opts ...pulumi.ResourceOption,
) (*cloudwatch.LogGroup, error) {
	if slices.Contains(args.Existing, args.Name) {
		opts = append(opts, pulumi.Import(pulumi.ID(args.Name)))
	}

	group, err := cloudwatch.NewLogGroup(ctx, name, &cloudwatch.LogGroupArgs{
		Name:            pulumi.String(args.Name),
		RetentionInDays: pulumi.Int(args.RetentionDays),
		KmsKeyId:        args.KeyARN,
		Tags:            args.Tags,
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("log group %s: %w", args.Name, err)
	}

	return group, nil
}

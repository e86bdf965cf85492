package stacks

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// prepare does what comes before all resources.
func (d *deployment) prepare() error {
	if err := d.environment.warn(d.ctx); err != nil {
		return err
	}

	name := d.environment.Settings.Environment.PermissionsBoundary
	if name == "" {
		return nil
	}

	boundary := fmt.Sprintf("arn:%s:iam::%s:policy/%s", d.account.partition, d.account.id, name)
	if err := d.ctx.RegisterResourceTransform(WithinBoundary(boundary)); err != nil {
		return fmt.Errorf("setting the permissions boundary %s: %w", name, err)
	}

	return nil
}

// WithinBoundary returns a transform that gives every IAM role the permissions boundary, also the roles of packaged
// components such as @pulumi/eks, which run in processes of their own: the engine applies it. A principal that may
// create roles without a boundary has every permission of the account, so the pipelines' role must set one.
func WithinBoundary(arn string) pulumi.ResourceTransform {
	return func(_ context.Context, args *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
		if args.Type != "aws:iam/role:Role" {
			return nil
		}

		args.Props["permissionsBoundary"] = pulumi.String(arn)

		return &pulumi.ResourceTransformResult{Props: args.Props, Opts: args.Opts}
	}
}

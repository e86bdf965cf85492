package stacks

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// setBoundary gives every role of the environment the permissions boundary of the settings.
func (d *deployment) setBoundary() error {
	name := d.environment.Settings.Environment.PermissionsBoundary
	if name == "" {
		return nil
	}

	return d.ctx.RegisterResourceTransform(WithinBoundary(d.account.place.IAM("policy/" + name)))
}

// WithinBoundary returns a transform that gives every IAM role the permissions boundary. The engine applies it, so it
// also reaches the roles of packaged components such as @pulumi/eks, which run in processes of their own. A principal
// that is allowed to create roles without a boundary has every permission of the account, so the pipelines' role must
// set one.
func WithinBoundary(arn string) pulumi.ResourceTransform {
	return func(_ context.Context, args *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
		if args.Type != "aws:iam/role:Role" {
			return nil
		}

		args.Props["permissionsBoundary"] = pulumi.String(arn)

		return &pulumi.ResourceTransformResult{Props: args.Props, Opts: args.Opts}
	}
}

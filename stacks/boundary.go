package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// prepare does what comes before all resources.
func (d *deployment) prepare() error {
	if err := d.environment.warn(d.ctx); err != nil {
		return err
	}

	return d.bound()
}

// bound keeps every role of the environment within the boundary that the settings name: whoever may make roles without
// one may do anything, and so the pipelines' role may not.
func (d *deployment) bound() error {
	name := d.environment.Settings.Environment.PermissionsBoundary
	if name == "" {
		return nil
	}

	boundary := pulumi.String(fmt.Sprintf("arn:%s:iam::%s:policy/%s", d.account.partition, d.account.id, name))

	err := d.ctx.RegisterStackTransformation(
		func(made *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
			role, is := made.Props.(*iam.RoleArgs)
			if !is {
				return nil
			}

			role.PermissionsBoundary = boundary

			return &pulumi.ResourceTransformationResult{Props: role, Opts: made.Opts}
		})
	if err != nil {
		return fmt.Errorf("keeping roles within %s: %w", name, err)
	}

	return nil
}

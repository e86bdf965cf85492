package runner

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// builder declares the resources of one runner, step by step.
type builder struct {
	ctx       *pulumi.Context
	name      string
	args      *Args
	component *Runner
}

// build declares everything, in the order in which one resource needs another.
func (b *builder) build() error {
	group, err := b.securityGroup()
	if err != nil {
		return err
	}

	logGroup, err := b.logGroup()
	if err != nil {
		return err
	}

	role, permissions, err := b.role()
	if err != nil {
		return err
	}

	project, err := b.project(role, group, logGroup, permissions)
	if err != nil {
		return err
	}

	b.component.ProjectName = project.Name

	return b.webhook(project)
}

// logical is the Pulumi name of a part; it never contains the environment.
func (b *builder) logical(part string) string { return b.name + "-" + part }

// physical is the name of the runner in the account; it never contains the Pulumi name, which may change.
func (b *builder) physical() string { return physicalName(b.args.Environment) }

func physicalName(environment string) string { return environment + "-runner" }

// tags names a part.
func (b *builder) tags(part string) pulumi.StringMap {
	return pulumi.StringMap{"Name": pulumi.String(b.physical() + "-" + part)}
}

// child puts a resource under the component.
func (b *builder) child() pulumi.ResourceOption { return pulumi.Parent(b.component) }

// arn names a service's resource in the runner's account and region.
func (b *builder) arn(service, resource string) string {
	return fmt.Sprintf("arn:%s:%s:%s:%s:%s", b.args.Partition, service, b.args.Region, b.args.AccountID, resource)
}

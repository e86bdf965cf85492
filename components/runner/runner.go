// Package runner runs the jobs of GitHub workflows inside the VPC, in AWS CodeBuild, where they reach a private API
// server. Between jobs, nothing runs and nothing is billed.
package runner

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of a Runner. All are required except ExistingLogGroups.
type Args struct {
	// Environment is the prefix of physical names, such as "staging".
	Environment string
	// Place is where the runner is.
	Place scope.Place
	// Repository is the URL of the GitHub repository whose jobs the runner runs: "https://github.com/<owner>/<name>".
	Repository string
	// VPCID is the VPC of all subnets.
	VPCID pulumi.StringInput
	// SubnetIDs are where jobs run: private subnets whose route to the internet is a NAT gateway, at most 16.
	SubnetIDs pulumi.StringArrayInput
	// APISecurityGroupID is the security group of the API server; it gets a rule for the runner.
	APISecurityGroupID pulumi.StringInput
	// KeyARN is the KMS key that encrypts the logs, and any data of a job that CodeBuild stores.
	KeyARN pulumi.StringInput
	// LogRetentionDays is one of the periods that CloudWatch Logs accepts.
	LogRetentionDays int
	// ExistingLogGroups are the names of log groups that the account already has; the runner's is imported.
	ExistingLogGroups []string
}

// Runner is a CodeBuild project that runs the jobs of one repository's workflows.
type Runner struct {
	pulumi.ResourceState

	// ProjectName is the name of the CodeBuild project. A job selects the runner by the label
	// "codebuild-<project>-<run id>-<run attempt>".
	ProjectName pulumi.StringOutput
}

// New creates a runner. CodeBuild refuses its webhook until the account has a credential for GitHub (CodeBuild User
// Guide, "Access your source provider in CodeBuild").
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Runner, error) {
	component := &Runner{}

	scoped, err := scope.Register(ctx, "platform:runner:Runner", name, physicalName(args.Environment), component, opts...)
	if err != nil {
		return nil, err
	}

	b := &builder{Scope: scoped, args: args, component: component}
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("creating %s: %w", name, err)
	}

	return component, scoped.RegisterOutputs(pulumi.Map{"projectName": component.ProjectName})
}

// builder creates the resources of one runner.
type builder struct {
	scope.Scope

	args      *Args
	component *Runner
}

// build creates each resource after those that it needs.
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

func physicalName(environment string) string { return environment + "-runner" }

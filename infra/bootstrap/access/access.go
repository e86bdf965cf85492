// Package access admits GitHub's workflows to the account without long-lived keys: an OIDC provider, a role for each
// kind of workflow, and the roles' policies.
package access

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/infra/bootstrap/permissions"
	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of an Access. All are required.
type Args struct {
	// Name is the prefix of physical names, such as "platform". The environments' settings contain role/platform-deploy.
	Name string
	// Place is where the account is.
	Place scope.Place
	// Environments are the prefixes of the environments' physical names.
	Environments []string
	// Repository is the repository whose workflows are admitted, MainBranch is its reviewed branch, and Deployers are the
	// subjects of workflows that deploy.
	Repository Repository
	MainBranch string
	Deployers  []Subject
	// BucketARN and KeyARN identify the bucket and the key of the states.
	BucketARN, KeyARN pulumi.StringInput
}

// Access has the roles of workflows.
type Access struct {
	pulumi.ResourceState

	// RoleARNs are the roles by the kind of workflow: preview, drift, deploy, images. Each waits for the role's policies.
	RoleARNs map[string]pulumi.StringOutput
	// BoundaryARN is the permissions boundary that every role of the program must have.
	BoundaryARN pulumi.StringOutput
}

// RoleNames are the names of the roles, and patterns of the names of roles that they create.
func RoleNames(name string, environments []string) []string {
	var names []string
	for _, role := range []string{preview, drift, deploy, images} {
		names = append(names, name+"-"+role)
	}

	for _, environment := range environments {
		names = append(names, environment+"-*")
	}

	return names
}

// builder declares the resources of one access, step by step.
type builder struct {
	scope.Scope

	args      *Args
	component *Access
	table     *permissions.Table
	place     permissions.Place
	// policies are the managed policies by their names.
	policies map[string]*iam.Policy
}

// New creates the provider, the policies and the roles.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Access, error) {
	table, err := permissions.Load()
	if err != nil {
		return nil, fmt.Errorf("planning %s: %w", name, err)
	}

	component := &Access{RoleARNs: make(map[string]pulumi.StringOutput)}

	scoped, err := scope.Register(ctx, "platform:access:Access", name, args.Name, component, opts...)
	if err != nil {
		return nil, err
	}

	b := &builder{
		Scope: scoped, args: args, component: component, table: table,
		place: permissions.Place{
			Place: args.Place, Environments: args.Environments, Boundary: scoped.Physical(boundary),
		},
		policies: make(map[string]*iam.Policy),
	}
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("creating %s: %w", name, err)
	}

	return component, scoped.RegisterOutputs(pulumi.Map{"boundaryArn": component.BoundaryARN})
}

// build declares each resource after those that it needs.
func (b *builder) build() error {
	provider, err := iam.NewOpenIdConnectProvider(b.Ctx, b.Logical("github"), &iam.OpenIdConnectProviderArgs{
		Url:           pulumi.String("https://" + issuer),
		ClientIdLists: pulumi.StringArray{pulumi.String(audience)},
		Tags:          b.Tags("github"),
	}, b.Child())
	if err != nil {
		return fmt.Errorf("GitHub's provider: %w", err)
	}

	if err := b.managed(); err != nil {
		return err
	}

	for _, role := range b.roles() {
		if err := b.role(role, provider); err != nil {
			return err
		}
	}

	b.component.BoundaryARN = b.policies[boundary].Arn

	return nil
}

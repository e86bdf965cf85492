// Package account deploys what an AWS account needs before its first environment.
package account

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/infra/bootstrap/access"
	"github.com/msur/platform/infra/bootstrap/images"
	"github.com/msur/platform/infra/bootstrap/settings"
	"github.com/msur/platform/infra/bootstrap/state"
	"github.com/msur/platform/internal/scope"
	"github.com/msur/platform/stacks/awsprovider"
)

// Name is the prefix of physical names. The environments' settings contain it too: role/platform-deploy.
const Name = "platform"

// Deploy deploys the account's resources, and exports what workflows and environments need.
func Deploy(ctx *pulumi.Context, configured settings.Settings) error {
	provider, err := awsprovider.New(ctx, configured.AWS)
	if err != nil {
		return err
	}

	with := pulumi.Provider(provider)

	caller, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{}, with)
	if err != nil {
		return fmt.Errorf("looking up the AWS account (check your credentials): %w", err)
	}

	partition, err := aws.GetPartition(ctx, &aws.GetPartitionArgs{}, with)
	if err != nil {
		return fmt.Errorf("looking up the AWS partition: %w", err)
	}

	d := &deployment{
		ctx: ctx, settings: configured, with: with,
		place: scope.Place{Partition: partition.Partition, Region: configured.Region, AccountID: caller.AccountId},
	}

	return d.deploy()
}

// deployment connects the components of one account.
type deployment struct {
	ctx      *pulumi.Context
	settings settings.Settings
	place    scope.Place
	with     pulumi.ResourceOption
}

func (d *deployment) deploy() error {
	if err := d.serviceLinkedRoles(); err != nil {
		return err
	}

	states, err := state.New(d.ctx, "state", &state.Args{
		Name: Name, Place: d.place,
		Users:   access.RoleNames(Name, d.settings.Environments),
		Protect: d.settings.State.Protect,
	}, d.with)
	if err != nil {
		return fmt.Errorf("deploying the state: %w", err)
	}

	registries, err := images.New(d.ctx, "images", &images.Args{Name: Name, Services: d.settings.Images}, d.with)
	if err != nil {
		return fmt.Errorf("deploying the images: %w", err)
	}

	let, err := d.access(states)
	if err != nil {
		return err
	}

	d.export(states, registries, let)

	return nil
}

// serviceLinkedRoles creates the roles in advance. Otherwise the first call of a service creates its role, and often
// fails because a new role takes seconds to be known everywhere.
func (d *deployment) serviceLinkedRoles() error {
	for _, service := range d.settings.ServiceLinkedRoles {
		logical := "service-linked-role-" + strings.TrimSuffix(service, ".amazonaws.com")

		_, err := iam.NewServiceLinkedRole(d.ctx, logical, &iam.ServiceLinkedRoleArgs{
			AwsServiceName: pulumi.String(service),
		}, d.with)
		if err != nil {
			return fmt.Errorf("service-linked role of %s: %w", service, err)
		}
	}

	return nil
}

func (d *deployment) access(states *state.State) (*access.Access, error) {
	github := d.settings.GitHub

	deployers := make([]access.Subject, 0, len(github.Deployers))
	for _, deployer := range github.Deployers {
		deployers = append(deployers, subject(deployer))
	}

	let, err := access.New(d.ctx, "access", &access.Args{
		Name: Name, Place: d.place,
		Environments: d.settings.Environments,
		Repository: access.Repository{
			Organization: github.Organization, OrganizationID: github.OrganizationID,
			Name: github.Repository, ID: github.RepositoryID,
		},
		MainBranch: github.Branch,
		Deployers:  deployers,
		BucketARN:  states.BucketARN,
		KeyARN:     states.KeyARN,
	}, d.with)
	if err != nil {
		return nil, fmt.Errorf("deploying the roles: %w", err)
	}

	return let, nil
}

// subject parses environment/<name>, branch/<name> or tag/<name>.
func subject(deployer string) access.Subject {
	kind, name, _ := strings.Cut(deployer, "/")

	switch kind {
	case "branch":
		return access.Branch(name)
	case "tag":
		return access.Tag(name)
	default:
		return access.Environment(name)
	}
}

// export exports the values of the workflows' variables and the environments' settings.
func (d *deployment) export(states *state.State, registries *images.Images, let *access.Access) {
	d.ctx.Export("backend", pulumi.Sprintf("s3://%s?region=%s", states.BucketName, d.settings.Region))
	d.ctx.Export("secretsProvider", pulumi.Sprintf("awskms://%s?region=%s", states.KeyID, d.settings.Region))
	d.ctx.Export("permissionsBoundary", let.BoundaryARN)
	d.ctx.Export("registry", pulumi.String(d.place.Registry()))

	roles, urls := pulumi.StringMap{}, pulumi.StringMap{}
	for kind, arn := range let.RoleARNs {
		roles[kind] = arn
	}

	for service, url := range registries.URLs {
		urls[service] = url
	}

	d.ctx.Export("roles", roles)
	d.ctx.Export("images", urls)
}

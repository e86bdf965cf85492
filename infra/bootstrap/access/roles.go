package access

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/infra/bootstrap/permissions"
	"github.com/msur/platform/internal/policy"
)

// The maximum durations of a session. Creating an environment takes half an hour, but its cluster alone can take an
// hour.
const (
	hour     = 3600
	twoHours = 2 * hour
)

// role is the role of a kind of workflow.
type role struct {
	name, description string
	// subjects are the trusted subjects.
	subjects []Subject
	// policies are the role's managed policies.
	policies []string
	// seconds is the maximum duration of a session.
	seconds int
	// bounded roles have the permissions boundary.
	bounded bool
}

// roles returns all roles.
func (b *builder) roles() []role {
	main := []Subject{Branch(b.args.MainBranch)}

	deploys := []string{preview, state}
	for part := range b.table.Deploy(b.place) {
		deploys = append(deploys, b.deploys(part))
	}

	slices.Sort(deploys)

	return []role{
		{
			// A preview runs unreviewed code of a pull request, so it can read little and change nothing.
			name: preview, description: "Previews pull requests", subjects: []Subject{PullRequest},
			policies: []string{preview}, seconds: hour,
		},
		{
			name: drift, description: "Looks whether environments are as they were deployed", subjects: main,
			policies: []string{preview, permissions.Reads}, seconds: hour,
		},
		{
			name: deploy, description: "Deploys environments", subjects: b.args.Deployers,
			policies: deploys, seconds: twoHours, bounded: true,
		},
		{
			name: images, description: "Pushes images of the services", subjects: main,
			policies: []string{images}, seconds: hour,
		},
	}
}

// role creates a role with its policies.
func (b *builder) role(planned role, provider *iam.OpenIdConnectProvider) error {
	//nolint:forcetypeassert // the function returns a string
	trust := provider.Arn.ApplyT(func(arn string) (string, error) {
		return policy.JSON(b.args.Repository.trust(arn, planned.subjects)...)
	}).(pulumi.StringOutput)

	var limit pulumi.StringPtrInput
	if planned.bounded {
		limit = b.policies[boundary].Arn
	}

	made, err := iam.NewRole(b.Ctx, b.Logical(planned.name), &iam.RoleArgs{
		Name:                pulumi.String(b.Physical(planned.name)),
		Description:         pulumi.String(planned.description),
		AssumeRolePolicy:    trust,
		MaxSessionDuration:  pulumi.Int(planned.seconds),
		PermissionsBoundary: limit,
		Tags:                b.Tags(planned.name),
	}, b.Child())
	if err != nil {
		return fmt.Errorf("role %s: %w", planned.name, err)
	}

	awaited := []any{made.Arn}

	for _, part := range planned.policies {
		attachment, err := iam.NewRolePolicyAttachment(b.Ctx, b.Logical(planned.name+"-has-"+part),
			&iam.RolePolicyAttachmentArgs{Role: made.Name, PolicyArn: b.policies[part].Arn}, b.Child())
		if err != nil {
			return fmt.Errorf("giving the role %s the policy %s: %w", planned.name, part, err)
		}

		awaited = append(awaited, attachment.ID())
	}

	//nolint:forcetypeassert // the function gets and returns strings
	b.component.RoleARNs[planned.name] = pulumi.All(awaited...).ApplyT(func(known []any) string {
		return known[0].(string)
	}).(pulumi.StringOutput)

	return nil
}

package cluster

import (
	"fmt"
	"path"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/policy"
)

// role creates a role for an AWS service, with AWS's managed policies. It also returns the attachments of the policies,
// which the users of the role must wait for.
func (b *builder) role(part, principal string, policies ...string) (*iam.Role, []pulumi.Resource, error) {
	trust, err := policy.JSON(policy.Trust("TheService", principal, nil))
	if err != nil {
		return nil, nil, fmt.Errorf("trust of the role %s: %w", part, err)
	}

	role, err := iam.NewRole(b.Ctx, b.Logical(part), &iam.RoleArgs{
		Name:             pulumi.String(b.Physical(part)),
		Description:      pulumi.String(fmt.Sprintf("%s, for the cluster %s", principal, b.args.Environment)),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("role %s: %w", part, err)
	}

	arns := make([]string, 0, len(policies))
	for _, name := range policies {
		arns = append(arns, b.args.Place.ManagedPolicy(name))
	}

	permissions, err := attach(b.Ctx, b.Logical(part), role, arns, b.Child())
	if err != nil {
		return nil, nil, err
	}

	return role, permissions, nil
}

// attach attaches managed policies to a role.
func attach(
	ctx *pulumi.Context, name string, role *iam.Role, policies []string, opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	attached := make([]pulumi.Resource, 0, len(policies))

	for _, arn := range policies {
		attachment, err := iam.NewRolePolicyAttachment(ctx, name+"-"+path.Base(arn), &iam.RolePolicyAttachmentArgs{
			Role:      role.Name,
			PolicyArn: pulumi.String(arn),
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("attaching %s to the role of %s: %w", arn, name, err)
		}

		attached = append(attached, attachment)
	}

	return attached, nil
}

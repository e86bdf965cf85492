package cluster

import (
	"fmt"
	"path"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/policy"
)

// role declares a role of one of AWS's services, with AWS's own policies. It returns its permissions too: whoever uses
// the role waits for them.
func (b *builder) role(part, principal string, policies ...string) (*iam.Role, []pulumi.Resource, error) {
	trust, err := policy.JSON(policy.Statement{
		SID:       "TheService",
		Principal: service(principal),
		Actions:   []string{"sts:AssumeRole"},
	})
	if err != nil {
		return nil, nil, fmt.Errorf("trust of the role %s: %w", part, err)
	}

	role, err := iam.NewRole(b.ctx, b.logical(part), &iam.RoleArgs{
		Name:             pulumi.String(b.physical(part)),
		Description:      pulumi.String(fmt.Sprintf("%s, for the cluster %s", principal, b.args.Environment)),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             b.tags(part),
	}, b.child())
	if err != nil {
		return nil, nil, fmt.Errorf("role %s: %w", part, err)
	}

	arns := make([]string, 0, len(policies))
	for _, name := range policies {
		arns = append(arns, b.managed(name))
	}

	permissions, err := attach(b.ctx, b.logical(part), role, arns, b.child())
	if err != nil {
		return nil, nil, err
	}

	return role, permissions, nil
}

// service is one of AWS's, as a principal.
func service(name string) map[string]string { return map[string]string{"Service": name} }

// managed is the ARN of one of AWS's own policies.
func (b *builder) managed(policy string) string {
	return fmt.Sprintf("arn:%s:iam::aws:policy/%s", b.args.Partition, policy)
}

// attach gives managed policies to a role.
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

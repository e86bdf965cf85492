// Package role creates IAM roles for AWS services, with policies that AWS manages.
package role

import (
	"fmt"
	"path"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/policy"
	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of a role. All are required except PolicyARNs.
type Args struct {
	// Principal is the service that may assume the role, such as "eks.amazonaws.com".
	Principal   string
	Description string
	// PolicyARNs are managed policies.
	PolicyARNs []string
}

// New creates a role that is a part of a component. It also returns the attachments of the policies, which the users of
// the role must wait for.
func New(s scope.Scope, part string, args *Args) (*iam.Role, []pulumi.Resource, error) {
	trust, err := policy.JSON(policy.Trust("TheService", args.Principal, nil))
	if err != nil {
		return nil, nil, fmt.Errorf("trust of the role %s: %w", part, err)
	}

	created, err := iam.NewRole(s.Ctx, s.Logical(part), &iam.RoleArgs{
		Name:             pulumi.String(s.Physical(part)),
		Description:      pulumi.String(args.Description),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             s.Tags(part),
	}, s.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("role %s: %w", part, err)
	}

	attached, err := Attach(s.Ctx, s.Logical(part), created, args.PolicyARNs, s.Child())

	return created, attached, err
}

// Attach attaches managed policies to a role.
func Attach(
	ctx *pulumi.Context, name string, to *iam.Role, policyARNs []string, opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	attached := make([]pulumi.Resource, 0, len(policyARNs))

	for _, arn := range policyARNs {
		attachment, err := iam.NewRolePolicyAttachment(ctx, name+"-"+path.Base(arn), &iam.RolePolicyAttachmentArgs{
			Role:      to.Name,
			PolicyArn: pulumi.String(arn),
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("attaching %s to the role of %s: %w", arn, name, err)
		}

		attached = append(attached, attachment)
	}

	return attached, nil
}

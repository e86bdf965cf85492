package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/role"
)

// role creates a role for an AWS service, with AWS's managed policies. It also returns the attachments of the policies,
// which the users of the role must wait for.
func (b *builder) role(part, principal string, policies ...string) (*iam.Role, []pulumi.Resource, error) {
	args := &role.Args{
		Principal:   principal,
		Description: fmt.Sprintf("%s, for the cluster %s", principal, b.args.Environment),
	}

	for _, name := range policies {
		args.PolicyARNs = append(args.PolicyARNs, b.args.Place.ManagedPolicy(name))
	}

	return role.New(b.Scope, part, args)
}

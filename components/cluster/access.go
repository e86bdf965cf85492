package cluster

import (
	"context"
	"fmt"
	"slices"
	"strings"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// accessEntries let admins, auditors and viewers in, for the whole cluster. EKS's name says little of what auditors
// may: AmazonEKSAdminViewPolicy looks at every kind of object, Secrets and those that charts bring among them.
func (b *builder) accessEntries() map[string]eks.AccessEntryArgs {
	entries := make(map[string]eks.AccessEntryArgs)

	for policy, principals := range map[string][]string{
		"AmazonEKSClusterAdminPolicy": b.args.Admins,
		"AmazonEKSAdminViewPolicy":    b.args.Auditors,
		"AmazonEKSViewPolicy":         b.args.Viewers,
	} {
		for _, principal := range principals {
			entries[principalName(principal)] = b.accessEntry(principal, policy)
		}
	}

	return entries
}

func (b *builder) accessEntry(principal, policy string) eks.AccessEntryArgs {
	const scope = "cluster"

	return eks.AccessEntryArgs{
		PrincipalArn: pulumi.String(principal),
		AccessPolicies: map[string]eks.AccessPolicyAssociationInput{
			scope: eks.AccessPolicyAssociationArgs{
				PolicyArn: pulumi.String(fmt.Sprintf("arn:%s:eks::aws:cluster-access-policy/%s", b.args.Place.Partition, policy)),
				AccessScope: awseks.AccessPolicyAssociationAccessScopeArgs{
					Type: pulumi.String(scope),
				},
			},
		},
	}
}

// principalName is a role or user in its account, as part of a logical name. Neither another entry in the list, nor
// another order, nor a move to another list renames any: EKS has one entry for a principal, and refuses one of another
// name, which would be made before the first is deleted. Principals of two accounts that share a name cannot both be
// listed.
func principalName(arn string) string {
	_, resource, _ := strings.Cut(arn, ":iam::")
	_, principal, _ := strings.Cut(resource, ":")

	return strings.ReplaceAll(principal, "/", "-")
}

// renamed has the engine find an access entry by the names that it had in states of before 2026-11-29, and by them what
// is below it: it was called after its principal's list, and not after whether the principal is a role or a user. The
// engine applies it to the component's children.
func (a *Args) renamed(_ context.Context, child *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
	if child.Type != "aws:eks/accessEntry:AccessEntry" {
		return nil
	}

	for _, principal := range slices.Concat(a.Admins, a.Auditors, a.Viewers) {
		name := principalName(principal)

		if cluster, found := strings.CutSuffix(child.Name, "-"+name); found {
			_, name, _ = strings.Cut(name, "-")

			for _, list := range []string{"admin", "auditor", "viewer"} {
				child.Opts.Aliases = append(child.Opts.Aliases,
					pulumi.Alias{Name: pulumi.String(cluster + "-" + list + "-" + name)})
			}
		}
	}

	return &pulumi.ResourceTransformResult{Props: child.Props, Opts: child.Opts}
}

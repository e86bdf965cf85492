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

// accessEntries admit admins, auditors and viewers to the whole cluster. The auditors' policy,
// AmazonEKSAdminViewPolicy, allows reading every kind of object, including Secrets and custom resources.
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

// principalName is the name of a role or user without its account, as part of a logical name. It does not depend on the
// list or the position in it: EKS allows one entry for a principal, and a renamed entry would be created before the old
// one is deleted. Principals of two accounts with the same name cannot both be listed.
func principalName(arn string) string {
	_, resource, _ := strings.Cut(arn, ":iam::")
	_, principal, _ := strings.Cut(resource, ":")

	return strings.ReplaceAll(principal, "/", "-")
}

// renamed adds aliases for the names used before 2026-11-29, so that entries and their children are not recreated.
// Those names contained the principal's list, and not whether the principal is a role or a user. The engine applies
// this transform to the component's children.
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

package cluster

import (
	"fmt"
	"strings"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// accessEntries let admins, auditors and viewers in, for the whole cluster. EKS's name says little of what auditors
// may: AmazonEKSAdminViewPolicy looks at every kind of object, Secrets and those that charts bring among them.
func (b *builder) accessEntries() map[string]eks.AccessEntryArgs {
	entries := make(map[string]eks.AccessEntryArgs)

	for _, admin := range b.args.Admins {
		entries["admin-"+principalName(admin)] = b.accessEntry(admin, "AmazonEKSClusterAdminPolicy")
	}

	for _, auditor := range b.args.Auditors {
		entries["auditor-"+principalName(auditor)] = b.accessEntry(auditor, "AmazonEKSAdminViewPolicy")
	}

	for _, viewer := range b.args.Viewers {
		entries["viewer-"+principalName(viewer)] = b.accessEntry(viewer, "AmazonEKSViewPolicy")
	}

	return entries
}

func (b *builder) accessEntry(principal, policy string) eks.AccessEntryArgs {
	const scope = "cluster"

	return eks.AccessEntryArgs{
		PrincipalArn: pulumi.String(principal),
		AccessPolicies: map[string]eks.AccessPolicyAssociationInput{
			scope: eks.AccessPolicyAssociationArgs{
				PolicyArn: pulumi.String(fmt.Sprintf("arn:%s:eks::aws:cluster-access-policy/%s", b.args.Partition, policy)),
				AccessScope: awseks.AccessPolicyAssociationAccessScopeArgs{
					Type: pulumi.String(scope),
				},
			},
		},
	}
}

// principalName is what a role or user is called after its account, as part of a logical name: another entry in the
// list, or another order, renames none. Principals of two accounts that share a name cannot both be listed.
func principalName(arn string) string {
	_, resource, _ := strings.Cut(arn, ":iam::")
	_, name, _ := strings.Cut(resource, "/")

	return strings.ReplaceAll(name, "/", "-")
}

package duration

import (
	"path"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// rule is an order that AWS requires, but that no property expresses.
type rule struct {
	// before and after are types.
	before, after string
	// source documents it.
	source string
}

// rules returns the documented orders.
func rules() []rule {
	const (
		attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
		group      = "aws:eks/nodeGroup:NodeGroup"
		addon      = "aws:eks/addon:Addon"
		logs       = "aws:cloudwatch/logGroup:LogGroup"
		nodeClass  = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
		identity   = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
		bootstrap  = "EKS User Guide, Amazon VPC CNI: a node is Ready once the CNI runs, which needs its role"
	)

	return []rule{
		{
			"aws:ec2/internetGateway:InternetGateway", "aws:ec2/eip:Eip",
			"Terraform's aws_eip: an address may require an internet gateway",
		},
		{
			"aws:ec2/internetGateway:InternetGateway", "aws:ec2/natGateway:NatGateway",
			"VPC User Guide, NAT gateways: the VPC needs an internet gateway",
		},
		{"aws:iam/rolePolicy:RolePolicy", "aws:ec2/flowLog:FlowLog", "VPC User Guide, IAM role for flow logs"},
		{attachment, "aws:rds/instance:Instance", "RDS User Guide, Enhanced Monitoring: the role must have its policy"},
		{attachment, "aws:eks/cluster:Cluster", "EKS User Guide, cluster IAM role: the role must have its policy"},
		{logs, "aws:eks/cluster:Cluster", "EKS creates the log group, without retention, if it does not exist"},
		{logs, "aws:rds/instance:Instance", "RDS creates the log groups, without retention, if they do not exist"},
		{
			"aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
			"EKS API, AssociateAccessPolicy: the access entry must exist",
		},
		{attachment, identity, bootstrap},
		{identity, addon, bootstrap},
		{attachment, addon, bootstrap},
		{addon, addon, "EKS User Guide, Pod Identity: the agent hands out the CNI's credentials"},
		{addon, group, bootstrap},
		{identity, group, bootstrap},
		{attachment, group, "EKS User Guide, node IAM role: a node needs the policies to join"},
		{group, addon, "recorded: coredns without nodes is DEGRADED and looked at again after 15 minutes"},
		{addon, "pulumi:providers:kubernetes", "EKS User Guide, coredns: pods need DNS"},
		{group, "pulumi:providers:kubernetes", "pods need nodes"},
		{
			"kubernetes:helm.sh/v3:Release", "kubernetes:argoproj.io/v1alpha1:AppProject",
			"the chart installs the definition of the kind",
		},
		{"kubernetes:helm.sh/v3:Release", nodeClass, "the chart installs the definition of the kind"},
		{nodeClass, "kubernetes:karpenter.sh/v1:NodePool", "Karpenter, NodePools: nodeClassRef names an existing class"},
	}
}

// required reports whether a property or a documented rule of AWS requires an edge.
func (g *graph) required(from, to int) bool {
	before, after := g.nodes[from], g.nodes[to]

	if before.operation == remove || after.operation == remove {
		return true // the engine's own order
	}

	if strings.HasPrefix(after.Provider, string(before.URN)) {
		return true
	}

	for _, dependencies := range after.PropertyDependencies {
		for _, dependency := range dependencies {
			if slices.Contains(g.resolve(dependency), from) {
				return true
			}
		}
	}

	return hasKindsOf(before.Resource, after.Resource) || slices.ContainsFunc(rules(), func(r rule) bool {
		return r.before == string(before.Type) && r.after == string(after.Type)
	})
}

// hasKindsOf reports whether a release has the kinds of another one's chart, without which its controllers do not start
// (Helm, Custom Resource Definitions: a chart for the definitions comes first). Such a chart has the suffix "-crd".
func hasKindsOf(kinds, controllers state.Resource) bool {
	chart := func(release state.Resource) string {
		name, _ := release.Inputs["chart"].(string)

		return path.Base(name)
	}

	return chart(controllers) != "." && chart(kinds) == chart(controllers)+"-crd"
}

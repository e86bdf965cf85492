package autoscaling

import (
	"fmt"
	"maps"
	"slices"

	"github.com/msur/platform/internal/policy"
	"github.com/msur/platform/internal/scope"
)

// The service account of Karpenter. Its namespace is the one for which the API server reserves capacity (Karpenter,
// "Getting Started": flow schemas).
const (
	Namespace      = "kube-system"
	ServiceAccount = "karpenter"
)

// Permissions are the permissions that Karpenter's pods need in an environment, as Karpenter publishes them for its
// version (Karpenter 1.14, "CloudFormation"), without those for instance profiles, which the program owns, and for
// zonal shifts, which are off.
func Permissions(environment string, place scope.Place) []policy.Statement {
	p := permissions{environment: environment, place: place}

	return slices.Concat(p.launch(), p.tagAndTerminate(), p.integrate(), p.discover())
}

// permissions writes the statements for one cluster.
type permissions struct {
	environment string
	place       scope.Place
}

// The tags that limit what Karpenter may change to the nodes of the cluster.
const (
	poolTag    = "karpenter.sh/nodepool"
	clusterTag = "eks:eks-cluster-name"
)

func (p permissions) ownedTag() string { return "kubernetes.io/cluster/" + p.environment }

// shared are the ARNs of kinds of EC2 resources in any account: subnets can belong to another one.
func (p permissions) shared(kinds ...string) []string { return p.ec2("*", kinds) }

func (p permissions) ec2(account string, kinds []string) []string {
	arns := make([]string, 0, len(kinds))
	for _, kind := range kinds {
		arns = append(arns, fmt.Sprintf("arn:%s:ec2:%s:%s:%s/*", p.place.Partition, p.place.Region, account, kind))
	}

	return arns
}

// launched are what a launch creates.
func (p permissions) launched() []string {
	return p.shared("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
}

// tagged requires that the resource has the tags.
func (p permissions) tagged() policy.Conditions {
	return policy.Conditions{
		policy.Equals: {"aws:ResourceTag/" + p.ownedTag(): {"owned"}},
		"StringLike":  {"aws:ResourceTag/" + poolTag: {"*"}},
	}
}

// tagging requires that the request sets the tags, and more.
func (p permissions) tagging(more map[string][]string) policy.Conditions {
	equal := map[string][]string{
		"aws:RequestTag/" + p.ownedTag(): {"owned"}, "aws:RequestTag/" + clusterTag: {p.environment},
	}
	maps.Copy(equal, more)

	return policy.Conditions{policy.Equals: equal, "StringLike": {"aws:RequestTag/" + poolTag: {"*"}}}
}

func (p permissions) launch() []policy.Statement {
	launch := []string{"ec2:RunInstances", "ec2:CreateFleet"}

	return []policy.Statement{
		{
			SID: "AllowScopedEC2InstanceAccessActions", Actions: launch,
			Resources: slices.Concat(p.ec2("", []string{"image", "snapshot"}),
				p.shared("security-group", "subnet", "capacity-reservation", "placement-group")),
		},
		{
			SID: "AllowScopedEC2LaunchTemplateAccessActions", Actions: launch,
			Resources: p.shared("launch-template"), Conditions: p.tagged(),
		},
		{
			SID:     "AllowScopedEC2InstanceActionsWithTags",
			Actions: slices.Concat(launch, []string{"ec2:CreateLaunchTemplate"}), Resources: p.launched(),
			Conditions: p.tagging(nil),
		},
	}
}

func (p permissions) tagAndTerminate() []policy.Statement {
	own := p.tagged()
	own["StringEqualsIfExists"] = map[string][]string{"aws:RequestTag/" + clusterTag: {p.environment}}
	own["ForAllValues:StringEquals"] = map[string][]string{
		"aws:TagKeys": {clusterTag, "karpenter.sh/nodeclaim", "Name"},
	}

	return []policy.Statement{
		{
			SID: "AllowScopedResourceCreationTagging", Actions: []string{"ec2:CreateTags"}, Resources: p.launched(),
			Conditions: p.tagging(map[string][]string{
				"ec2:CreateAction": {"RunInstances", "CreateFleet", "CreateLaunchTemplate"},
			}),
		},
		{
			SID: "AllowScopedResourceTagging", Actions: []string{"ec2:CreateTags"}, Resources: p.shared("instance"),
			Conditions: own,
		},
		{
			SID: "AllowScopedDeletion", Actions: []string{"ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"},
			Resources: p.shared("instance", "launch-template"), Conditions: p.tagged(),
		},
	}
}

func (p permissions) integrate() []policy.Statement {
	return []policy.Statement{
		{
			SID: "AllowPassingInstanceRole", Actions: []string{"iam:PassRole"},
			Resources:  []string{p.place.IAM("role/" + prefix(p.environment) + "-node")},
			Conditions: policy.Conditions{policy.Equals: {"iam:PassedToService": {p.place.EC2()}}},
		},
		{
			SID: "AllowAPIServerEndpointDiscovery", Actions: []string{"eks:DescribeCluster"},
			Resources: []string{p.place.ARN("eks", "cluster/"+p.environment)},
		},
		{
			SID:       "AllowInterruptionQueueActions",
			Actions:   []string{"sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"},
			Resources: []string{p.place.ARN("sqs", queueName(p.environment))},
		},
	}
}

func (p permissions) discover() []policy.Statement {
	return []policy.Statement{
		{
			SID: "AllowRegionalReadActions", Resources: []string{"*"},
			Actions: []string{
				"ec2:DescribeCapacityReservations", "ec2:DescribeImages", "ec2:DescribeInstances",
				"ec2:DescribeInstanceStatus", "ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes",
				"ec2:DescribeLaunchTemplates", "ec2:DescribePlacementGroups", "ec2:DescribeSecurityGroups",
				"ec2:DescribeSpotPriceHistory", "ec2:DescribeSubnets",
			},
			Conditions: policy.Conditions{policy.Equals: {"aws:RequestedRegion": {p.place.Region}}},
		},
		{
			SID: "AllowSSMReadActions", Actions: []string{"ssm:GetParameter"},
			Resources: []string{fmt.Sprintf("arn:%s:ssm:%s::parameter/aws/service/*", p.place.Partition, p.place.Region)},
		},
		{SID: "AllowPricingReadActions", Actions: []string{"pricing:GetProducts"}, Resources: []string{"*"}},
		{
			SID: "AllowUnscopedInstanceProfileListAction", Actions: []string{"iam:ListInstanceProfiles"},
			Resources: []string{"*"},
		},
		{
			SID: "AllowInstanceProfileReadActions", Actions: []string{"iam:GetInstanceProfile"},
			Resources: []string{p.place.IAM("instance-profile/*")},
		},
	}
}

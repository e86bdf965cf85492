package autoscaling

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/role"
	"github.com/msur/platform/internal/policy"
	"github.com/msur/platform/internal/scope"
)

// nodeIdentity creates the role of the nodes, which has the permissions of the managed nodes' role, and the instance
// profile through which EC2 gives it to instances. It also returns what a node needs to join: the permissions, and an
// access entry, which EKS creates by itself only for managed node groups.
//
// Karpenter could create the profile. But then it would need permissions to write IAM resources, and a destroy would
// leave the profile behind.
func (b *builder) nodeIdentity() (*iam.InstanceProfile, []pulumi.Resource, error) {
	const part = "node"

	args := &role.Args{
		Principal: b.args.Place.EC2(), Description: "Nodes that Karpenter launches for the cluster " + b.args.Environment,
	}
	for _, name := range []string{
		"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonSSMManagedInstanceCore",
	} {
		args.PolicyARNs = append(args.PolicyARNs, b.args.Place.ManagedPolicy(name))
	}

	assumed, joining, err := role.New(b.Scope, part, args)
	if err != nil {
		return nil, nil, err
	}

	b.component.NodeRoleARN = assumed.Arn

	profile, err := iam.NewInstanceProfile(b.Ctx, b.Logical(part), &iam.InstanceProfileArgs{
		Name: pulumi.String(b.Physical(part)),
		Role: assumed.Name,
		Tags: b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("instance profile of the nodes: %w", err)
	}

	entry, err := eks.NewAccessEntry(b.Ctx, b.Logical(part), &eks.AccessEntryArgs{
		ClusterName:  b.args.ClusterName,
		PrincipalArn: assumed.Arn,
		Type:         pulumi.String("EC2_LINUX"),
		Tags:         b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("access entry of the nodes: %w", err)
	}

	return profile, append(joining, entry), nil
}

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
	const (
		owned    = "kubernetes.io/cluster/"
		nodePool = "karpenter.sh/nodepool"
		cluster  = "eks:eks-cluster-name"
		instance = "instance/*"
		template = "launch-template/*"
	)

	// Subnets and security groups can belong to another account that shares them; images and snapshots to none.
	of := func(account string, kinds ...string) []string {
		var arns []string
		for _, kind := range kinds {
			arns = append(arns, fmt.Sprintf("arn:%s:ec2:%s:%s:%s", place.Partition, place.Region, account, kind))
		}

		return arns
	}
	ec2 := func(kinds ...string) []string { return of("*", kinds...) }

	launched := ec2("fleet/*", instance, "volume/*", "network-interface/*", template, "spot-instances-request/*")
	ofCluster := policy.Conditions{
		policy.Equals: {"aws:ResourceTag/" + owned + environment: {"owned"}},
		"StringLike":  {"aws:ResourceTag/" + nodePool: {"*"}},
	}
	forCluster := func(more map[string][]string) policy.Conditions {
		equal := map[string][]string{
			"aws:RequestTag/" + owned + environment: {"owned"}, "aws:RequestTag/" + cluster: {environment},
		}
		for key, values := range more {
			equal[key] = values
		}

		return policy.Conditions{policy.Equals: equal, "StringLike": {"aws:RequestTag/" + nodePool: {"*"}}}
	}
	launch := []string{"ec2:RunInstances", "ec2:CreateFleet"}

	return []policy.Statement{
		{
			SID: "AllowScopedEC2InstanceAccessActions", Actions: launch,
			Resources: append(of("", "image/*", "snapshot/*"),
				ec2("security-group/*", "subnet/*", "capacity-reservation/*", "placement-group/*")...),
		},
		{
			SID: "AllowScopedEC2LaunchTemplateAccessActions", Actions: launch,
			Resources: ec2(template), Conditions: ofCluster,
		},
		{
			SID: "AllowScopedEC2InstanceActionsWithTags", Actions: append(launch, "ec2:CreateLaunchTemplate"),
			Resources: launched, Conditions: forCluster(nil),
		},
		{
			SID: "AllowScopedResourceCreationTagging", Actions: []string{"ec2:CreateTags"}, Resources: launched,
			Conditions: forCluster(map[string][]string{
				"ec2:CreateAction": {"RunInstances", "CreateFleet", "CreateLaunchTemplate"},
			}),
		},
		{
			SID: "AllowScopedResourceTagging", Actions: []string{"ec2:CreateTags"}, Resources: ec2(instance),
			Conditions: policy.Conditions{
				policy.Equals:               ofCluster[policy.Equals],
				"StringLike":                ofCluster["StringLike"],
				"StringEqualsIfExists":      {"aws:RequestTag/" + cluster: {environment}},
				"ForAllValues:StringEquals": {"aws:TagKeys": {cluster, "karpenter.sh/nodeclaim", "Name"}},
			},
		},
		{
			SID: "AllowScopedDeletion", Actions: []string{"ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"},
			Resources: ec2(instance, template), Conditions: ofCluster,
		},
		{
			SID: "AllowPassingInstanceRole", Actions: []string{"iam:PassRole"},
			Resources:  []string{place.IAM("role/" + prefix(environment) + "-node")},
			Conditions: policy.Conditions{policy.Equals: {"iam:PassedToService": {place.EC2()}}},
		},
		{
			SID: "AllowAPIServerEndpointDiscovery", Actions: []string{"eks:DescribeCluster"},
			Resources: []string{place.ARN("eks", "cluster/"+environment)},
		},
		{
			SID:       "AllowInterruptionQueueActions",
			Actions:   []string{"sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"},
			Resources: []string{place.ARN("sqs", queueName(environment))},
		},
		{
			SID: "AllowRegionalReadActions", Resources: []string{"*"},
			Actions: []string{
				"ec2:DescribeCapacityReservations", "ec2:DescribeImages", "ec2:DescribeInstances",
				"ec2:DescribeInstanceStatus", "ec2:DescribeInstanceTypeOfferings", "ec2:DescribeInstanceTypes",
				"ec2:DescribeLaunchTemplates", "ec2:DescribePlacementGroups", "ec2:DescribeSecurityGroups",
				"ec2:DescribeSpotPriceHistory", "ec2:DescribeSubnets",
			},
			Conditions: policy.Conditions{policy.Equals: {"aws:RequestedRegion": {place.Region}}},
		},
		{
			SID: "AllowSSMReadActions", Actions: []string{"ssm:GetParameter"},
			Resources: []string{fmt.Sprintf("arn:%s:ssm:%s::parameter/aws/service/*", place.Partition, place.Region)},
		},
		{SID: "AllowPricingReadActions", Actions: []string{"pricing:GetProducts"}, Resources: []string{"*"}},
		{
			SID: "AllowUnscopedInstanceProfileListAction", Actions: []string{"iam:ListInstanceProfiles"},
			Resources: []string{"*"},
		},
		{
			SID: "AllowInstanceProfileReadActions", Actions: []string{"iam:GetInstanceProfile"},
			Resources: []string{place.IAM("instance-profile/*")},
		},
	}
}

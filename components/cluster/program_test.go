package cluster_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/nodes"
)

const (
	clusterType     = "aws:eks/cluster:Cluster"
	componentType   = "eks:index:Cluster"
	logGroupType    = "aws:cloudwatch/logGroup:LogGroup"
	roleType        = "aws:iam/role:Role"
	attachmentType  = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	templateType    = "aws:ec2/launchTemplate:LaunchTemplate"
	nodeGroupType   = "aws:eks/nodeGroup:NodeGroup"
	addonType       = "aws:eks/addon:Addon"
	associationType = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
	kubernetesType  = "pulumi:providers:kubernetes"
	subnetType      = "aws:ec2/subnet:Subnet"

	keyARN   = "arn:aws:kms:us-east-1:123456789012:key/k"
	deployer = "arn:aws:iam::123456789012:role/platform-deploy"
)

// sandbox returns valid arguments without the nodes' subnets.
func sandbox() *cluster.Args {
	const retentionOfTheTest = 30

	return &cluster.Args{
		Environment:         "sandbox",
		Place:               graphtest.Place(),
		Version:             "1.35",
		VPCID:               pulumi.String("vpc-1"),
		SubnetIDs:           pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
		NodeSubnetIDs:       nil,
		NodeSecurityGroupID: pulumi.String("sg-nodes"),
		KeyARN:              pulumi.String(keyARN),
		LogRetentionDays:    retentionOfTheTest,
		LogTypes:            cluster.LogTypes(),
		ExistingLogGroups:   nil,
		Admins:              []string{deployer},
		Auditors:            nil,
		Viewers:             nil,
		PublicAccessCIDRs:   nil,
		Nodes: map[string]plan.NodeKind{"general": {
			InstanceTypes: []string{"t4g.medium", "t4g.large"}, Capacity: nodes.Spot, Min: 1, Max: 2,
		}},
		NodeTags: nil,
		Addons:   addons(),
	}
}

// addons returns the essential add-ons with versions for tests.
func addons() map[string]cluster.Addon {
	all := make(map[string]cluster.Addon)
	for _, name := range cluster.EssentialAddons() {
		all[name] = cluster.Addon{Version: "v1.0.0-eksbuild.1"}
	}

	return all
}

// run creates a cluster with nodes in the zones a and b under mocks.
func run(t *testing.T, changes ...func(*cluster.Args)) *graphtest.Graph {
	t.Helper()

	return graphtest.Run(t, program(nil, changes...))
}

// program creates a cluster and passes it to the functions.
func program(then func(*pulumi.Context, *cluster.Cluster) error, changes ...func(*cluster.Args)) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		provider, err := aws.NewProvider(ctx, "ours", &aws.ProviderArgs{Region: pulumi.String(graphtest.Region)})
		if err != nil {
			return err
		}

		args := sandbox()
		args.NodeSubnetIDs = make(map[string]pulumi.StringOutput)

		for _, zone := range []string{"b", "a"} {
			subnet, err := ec2.NewSubnet(ctx, "private-"+zone, &ec2.SubnetArgs{VpcId: pulumi.String("vpc-1")},
				pulumi.Provider(provider))
			if err != nil {
				return err
			}

			args.NodeSubnetIDs[zone] = subnet.ID().ToStringOutput()
		}

		for _, change := range changes {
			change(args)
		}

		made, err := cluster.New(ctx, "cluster", args, pulumi.Provider(provider))
		if err != nil || then == nil {
			return err
		}

		return then(ctx, made)
	}
}

// policiesOf returns the ARNs of the managed policies that a role has.
func policiesOf(g *graphtest.Graph, role string) []string {
	var policies []string

	for _, attachment := range g.All(attachmentType) {
		if attachment.Inputs["role"].StringValue() == role {
			policies = append(policies, attachment.Inputs["policyArn"].StringValue())
		}
	}

	return policies
}

// all returns the names of everything but providers and components, in order.
func all(g *graphtest.Graph) []string {
	found := []string{}
	for _, r := range g.Customs() {
		found = append(found, r.Name)
	}

	return found
}

// names returns the names of the resources of a type, in order.
func names(g *graphtest.Graph, resourceType string) []string {
	found := []string{}
	for _, r := range g.All(resourceType) {
		found = append(found, r.Name)
	}

	return found
}

package network_test

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/network"
)

// The types of a network's resources.
const (
	vpcType            = "aws:ec2/vpc:Vpc"
	defaultGroupType   = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	subnetType         = "aws:ec2/subnet:Subnet"
	internetType       = "aws:ec2/internetGateway:InternetGateway"
	tableType          = "aws:ec2/routeTable:RouteTable"
	associationType    = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	routeType          = "aws:ec2/route:Route"
	addressType        = "aws:ec2/eip:Eip"
	natType            = "aws:ec2/natGateway:NatGateway"
	endpointType       = "aws:ec2/vpcEndpoint:VpcEndpoint"
	securityGroupType  = "aws:ec2/securityGroup:SecurityGroup"
	ingressRuleType    = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	flowLogType        = "aws:ec2/flowLog:FlowLog"
	logGroupType       = "aws:cloudwatch/logGroup:LogGroup"
	roleType           = "aws:iam/role:Role"
	rolePolicyType     = "aws:iam/rolePolicy:RolePolicy"
	zoneType           = "aws:route53/zone:Zone"
	keyARN             = "arn:aws:kms:us-east-1:123456789012:key/test"
	retentionOfTheTest = 7
)

// sandbox returns the arguments of a small network, with changes.
func sandbox(changes ...func(*network.Args)) *network.Args {
	args := &network.Args{
		Environment:        "sandbox",
		Place:              graphtest.Place(),
		CIDR:               netip.MustParsePrefix("10.10.0.0/16"),
		Zones:              []string{"b", "a"},
		NAT:                network.NATSingle,
		InterfaceEndpoints: nil,
		Domain:             "sandbox.example.com",
		ClusterName:        "sandbox",
		LogRetentionDays:   retentionOfTheTest,
		FlowLogTraffic:     network.TrafficAll,
		ExistingLogGroups:  nil,
		KeyARN:             pulumi.String(keyARN),
	}
	for _, change := range changes {
		change(args)
	}

	return args
}

// run creates a network under mocks.
func run(t *testing.T, changes ...func(*network.Args)) *graphtest.Graph {
	t.Helper()

	return graphtest.Run(t, program(changes...))
}

func program(changes ...func(*network.Args)) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		_, err := network.New(ctx, "network", sandbox(changes...))

		return err
	}
}

// names returns the names of the resources of a type, in order.
func names(g *graphtest.Graph, resourceType string) []string {
	found := []string{}
	for _, r := range g.All(resourceType) {
		found = append(found, r.Name)
	}

	return found
}

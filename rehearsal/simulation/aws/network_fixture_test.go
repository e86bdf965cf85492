package aws_test

import (
	"testing"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	vpcType      = "aws:ec2/vpc:Vpc"
	subnetType   = "aws:ec2/subnet:Subnet"
	gatewayType  = "aws:ec2/internetGateway:InternetGateway"
	eipType      = "aws:ec2/eip:Eip"
	natType      = "aws:ec2/natGateway:NatGateway"
	tableType    = "aws:ec2/routeTable:RouteTable"
	routeType    = "aws:ec2/route:Route"
	assocType    = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	groupType    = "aws:ec2/securityGroup:SecurityGroup"
	defaultType  = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	ingressType  = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressType   = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	ruleType     = "aws:ec2/securityGroupRule:SecurityGroupRule"
	endpointType = "aws:ec2/vpcEndpoint:VpcEndpoint"
	flowLogType  = "aws:ec2/flowLog:FlowLog"
	logType      = "aws:cloudwatch/logGroup:LogGroup"
	roleType     = "aws:iam/role:Role"
	inlineType   = "aws:iam/rolePolicy:RolePolicy"
	attachType   = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	policyType   = "aws:iam/policy:Policy"
	keyType      = "aws:kms/key:Key"
	aliasType    = "aws:kms/alias:Alias"
	zoneType     = "aws:route53/zone:Zone"
	recordType   = "aws:route53/record:Record"
	bucketType   = "aws:s3/bucketV2:BucketV2"

	document = `{"Version":"2012-10-17","Statement":[]}`
	absent   = "0123456789abcdef0"
)

// network is a VPC with one resource of each type in it.
type network struct {
	*enginetest.Engine

	aws *enginetest.Provider

	vpc, gateway, subnet, address, nat, table, route, association, group enginetest.Made
}

func newNetwork(t *testing.T) *network {
	t.Helper()
	n := &network{Engine: enginetest.Start(t, "")}
	n.aws = n.AWS("us-east-1")
	n.vpc = n.aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	n.gateway = n.aws.Create(gatewayType, "out", in{"vpcId": n.vpc.ID})
	n.subnet = n.aws.Create(subnetType, "a", in{
		"vpcId": n.vpc.ID, "cidrBlock": "10.0.1.0/24", "availabilityZone": "us-east-1b",
	})
	n.address = n.aws.Create(eipType, "address", in{"domain": "vpc"})
	n.nat = n.aws.Create(natType, "nat", in{"subnetId": n.subnet.ID, "allocationId": n.address.ID})
	n.table = n.aws.Create(tableType, "table", in{"vpcId": n.vpc.ID})
	n.route = n.aws.Create(routeType, "route", in{
		"routeTableId": n.table.ID, "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": n.nat.ID,
	})
	n.association = n.aws.Create(assocType, "association", in{"routeTableId": n.table.ID, "subnetId": n.subnet.ID})
	n.group = n.aws.Create(groupType, "group", in{"vpcId": n.vpc.ID, "name": "web"})

	return n
}

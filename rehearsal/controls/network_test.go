package controls_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	ingressRule      = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	subnet           = "aws:ec2/subnet:Subnet"
	route            = "aws:ec2/route:Route"
	routeTable       = "aws:ec2/routeTable:RouteTable"
	tableAssociation = "aws:ec2/routeTableAssociation:RouteTableAssociation"
)

func TestN1TheVPCHasFlowLogsWithARetentionPeriod(t *testing.T) {
	t.Parallel()
	passes(t, "N1")
	fails(t, "N1", "network-vpc", remove("aws:ec2/flowLog:FlowLog", ""))
	fails(t, "N1", "network-flow-logs", set("aws:ec2/flowLog:FlowLog", "network-flow-logs", "trafficType", "ACCEPT"))
	fails(t, "N1", "network-flow-logs", remove("aws:cloudwatch/logGroup:LogGroup", ""))
	fails(t, "N1", "network-flow-logs",
		set("aws:cloudwatch/logGroup:LogGroup", "network-flow-logs", "retentionInDays", 0.0))
	fails(t, "N1", "network-flow-logs", set("aws:ec2/flowLog:FlowLog", "network-flow-logs", "logDestination",
		"arn:aws:logs:us-east-1:123456789012:log-group:other"))
}

func TestN2TheDefaultSecurityGroupHasNoRules(t *testing.T) {
	t.Parallel()

	const defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

	rule := []any{object{"cidrBlocks": []any{"10.0.0.0/8"}}}

	passes(t, "N2")
	fails(t, "N2", "network-vpc", remove(defaultGroup, ""))
	fails(t, "N2", "network-default", set(defaultGroup, "network-default", "ingress", rule))
	fails(t, "N2", "network-default", set(defaultGroup, "network-default", "egress", rule))
	fails(t, "N2", "more", add(ingressRule, "more", object{
		"securityGroupId": "DefaultSecurityGroup-network-default", "cidrIpv4": "10.0.0.0/8",
	}))
}

func TestN3NoSubnetAssignsPublicAddresses(t *testing.T) {
	t.Parallel()
	passes(t, "N3")
	fails(t, "N3", "network-data-b", set(subnet, "network-data-b", "mapPublicIpOnLaunch", true))
}

func TestN4S3IsReachedThroughAGatewayEndpoint(t *testing.T) {
	t.Parallel()

	const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"

	passes(t, "N4")
	fails(t, "N4", "network-vpc", remove(endpoint, "network-s3"))
	fails(t, "N4", "network-private-a", set(endpoint, "network-s3", "routeTableIds", []any{}))
	fails(t, "N4", "network-private-a",
		set(endpoint, "network-s3", "routeTableIds", []any{"RouteTable-network-data"}))
	fails(t, "N4", "network-private-c", set(endpoint, "network-s3", "routeTableIds",
		[]any{"RouteTable-network-private-a", "RouteTable-network-private-b"}))
	fails(t, "N4", "network-private-a",
		remove(tableAssociation, "network-private-a"))
	fails(t, "N4", "network-vpc", set(endpoint, "network-s3", "vpcEndpointType", "Interface"))
}

func TestN5NoSecurityGroupAdmitsTheInternetExceptToTheLoadBalancersPorts80And443(t *testing.T) {
	t.Parallel()

	const group = "aws:ec2/securityGroup:SecurityGroup"

	rules := []any{object{"cidrBlocks": []any{"10.0.0.0/8", "0.0.0.0/0"}}}

	passes(t, "N5")
	fails(t, "N5", "open", add(ingressRule, "open", object{"cidrIpv6": "::/0"}))
	fails(t, "N5", "open", add(group, "open", object{"ingress": rules}))
	fails(t, "N5", "open", add("aws:ec2/securityGroupRule:SecurityGroupRule", "open",
		object{"type": "ingress", "cidrBlocks": []any{"0.0.0.0/0"}}))

	// Half of the internet, ranges that only begin in a private range, a public range, and no range at all.
	for _, cidr := range []string{"0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/7", "fc00::/6", "203.0.113.0/24", "nonsense"} {
		fails(t, "N5", "open", add(ingressRule, "open", object{"cidrIpv4": cidr}))
	}
}

func TestN5AllowsPrivateRanges(t *testing.T) {
	t.Parallel()

	for _, cidr := range []string{"10.20.0.0/16", "172.31.0.0/16", "192.168.0.0/16", "100.64.0.0/10", "fd00::/8"} {
		passesWith(t, "N5", cidr, add(ingressRule, "private", object{"cidrIpv4": cidr}))
	}
}

func TestN6EverySecurityGroupRuleHasADescription(t *testing.T) {
	t.Parallel()

	group := object{"egress": []any{object{"description": "out"}, object{"fromPort": 1.0}}}

	passes(t, "N6")
	fails(t, "N6", "incomplete", add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "incomplete", object{}))
	fails(t, "N6", "incomplete", add("aws:ec2/securityGroup:SecurityGroup", "incomplete", group))
}

func TestN7AtLeastTwoZonesAndOneNATGatewayPerZoneWhereHighlyAvailable(t *testing.T) {
	t.Parallel()

	// inOneZone moves all subnets of a tier into one zone.
	inOneZone := func(tier string) mutation {
		return func(environment *controls.Environment) {
			for _, zone := range []string{"a", "b", "c"} {
				set(subnet, tier+"-"+zone, "availabilityZone", "us-east-1a")(environment)
			}
		}
	}

	passes(t, "N7")
	fails(t, "N7", "network-vpc", inOneZone("network-private"))
	fails(t, "N7", "network-vpc", inOneZone("network-public"))
	fails(t, "N7", "network-private-a", remove(route, "network-private"))
	fails(t, "N7", "network-private-b", remove(route, "network-private-b"))
	fails(t, "N7", "network-private-b", set(route, "network-private-b", "destinationCidrBlock", "192.0.2.0/24"))
	fails(t, "N7", "network-private-b", set(route, "network-private-b", "natGatewayId", "NatGateway-network-nat-a"))
	fails(t, "N7", "network-private-b", remove("aws:ec2/natGateway:NatGateway", "network-nat-b"))
	fails(t, "N7", "network-private-b", all(
		set(subnet, "network-private-b", "tags", object{}),
		set(route, "network-private-b", "natGatewayId", "NatGateway-network-nat-a")))
}

func TestN8SubnetsCarryTheRoleTagsOfLoadBalancers(t *testing.T) {
	t.Parallel()

	public := object{"kubernetes.io/role/elb": "1"}
	internal := object{"kubernetes.io/role/internal-elb": "1"}
	both := object{"kubernetes.io/role/elb": "1", "kubernetes.io/role/internal-elb": "1"}

	passes(t, "N8")
	fails(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", object{}))
	fails(t, "N8", "network-private-a", set(subnet, "network-private-a", "tags", object{}))
	fails(t, "N8", "network-private-a", set(subnet, "network-private-a", "tags", public))
	fails(t, "N8", "network-data-a", set(subnet, "network-data-a", "tags", public))
	fails(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", internal))
	fails(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", both))
	fails(t, "N8", "network-vpc", remove(subnet, "network-private"))
}

func TestN9NoAddressRangeOverlapsAnotherInAnyEnvironment(t *testing.T) {
	t.Parallel()

	const vpc = "aws:ec2/vpc:Vpc"

	passes(t, "N9")
	fails(t, "N9", "network-data-a", set(subnet, "network-data-a", "cidrBlock", "10.20.0.0/24"))
	fails(t, "N9", "network-data-a", set(subnet, "network-data-a", "cidrBlock", "10.99.0.0/22"))
	fails(t, "N9", "network-data-a", set(vpc, "network-vpc", "cidrBlock", "10.20.0.0/20"))
	fails(t, "N9", "network-vpc", set(vpc, "network-vpc", "cidrBlock", "10.10.0.0/16"))

	environment := golden(t, "staging")
	set(vpc, "network-vpc", "cidrBlock", "10.0.0.0/8")(&environment)
	assert.Contains(t, finding(t, environment, "N9").Reason, "Pulumi.sandbox.yaml")

	fails(t, "N9", "network-vpc", write("Pulumi.new.yaml", "config: {platform:network: {cidr: 10.20.0.0/20}}"))
	fails(t, "N9", "Pulumi.new.yaml", write("Pulumi.new.yaml", "config: ["))
	passesWith(t, "N9", "another owner's VPC", write("Pulumi.new.yaml", "config: {platform:network: {existing: {}}}"))

	fails(t, "N9", "network-vpc", add(vpc, "another", object{"cidrBlock": "10.20.64.0/20"}))

	const additional = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"

	fails(t, "N9", "more", add(additional, "more", object{"vpcId": "Vpc-network-vpc", "cidrBlock": "10.10.0.0/20"}))

	passesWith(t, "N9", "a subnet in an additional range", all(
		set(subnet, "network-data-a", "cidrBlock", "10.99.0.0/22"),
		add(additional, "more", object{"vpcId": "Vpc-network-vpc", "cidrBlock": "10.99.0.0/20"})))
}

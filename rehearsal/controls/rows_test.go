package controls_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	subnet      = "aws:ec2/subnet:Subnet"
	route       = "aws:ec2/route:Route"
	routeTable  = "aws:ec2/routeTable:RouteTable"
	// tableOfSubnet gives a subnet its route table.
	tableOfSubnet = "aws:ec2/routeTableAssociation:RouteTableAssociation"
)

func resourceURN(resourceType, name string) resource.URN {
	return resource.NewURN("staging", "platform", "", tokens.Type(resourceType), name)
}

func tokenType(resourceType string) tokens.Type { return tokens.Type(resourceType) }

func TestN1(t *testing.T) {
	t.Parallel()
	holds(t, "N1")
	breaks(t, "N1", "network-vpc", remove("aws:ec2/flowLog:FlowLog", ""))
	breaks(t, "N1", "network-flow-logs", set("aws:ec2/flowLog:FlowLog", "network-flow-logs", "trafficType", "ACCEPT"))
	breaks(t, "N1", "network-flow-logs", remove("aws:cloudwatch/logGroup:LogGroup", ""))
	breaks(t, "N1", "network-flow-logs",
		set("aws:cloudwatch/logGroup:LogGroup", "network-flow-logs", "retentionInDays", 0.0))
	breaks(t, "N1", "network-flow-logs", set("aws:ec2/flowLog:FlowLog", "network-flow-logs", "logDestination",
		"arn:aws:logs:us-east-1:123456789012:log-group:other"))
}

func TestN2(t *testing.T) {
	t.Parallel()

	const defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

	rule := []any{map[string]any{"cidrBlocks": []any{"10.0.0.0/8"}}}

	holds(t, "N2")
	breaks(t, "N2", "network-vpc", remove(defaultGroup, ""))
	breaks(t, "N2", "network-default", set(defaultGroup, "network-default", "ingress", rule))
	breaks(t, "N2", "network-default", set(defaultGroup, "network-default", "egress", rule))
	breaks(t, "N2", "more", add(ingressRule, "more", object{
		"securityGroupId": "DefaultSecurityGroup-network-default", "cidrIpv4": "10.0.0.0/8",
	}))
}

func TestN3(t *testing.T) {
	t.Parallel()
	holds(t, "N3")
	breaks(t, "N3", "network-data-b", set(subnet, "network-data-b", "mapPublicIpOnLaunch", true))
}

func TestN4(t *testing.T) {
	t.Parallel()

	const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"

	holds(t, "N4")
	breaks(t, "N4", "network-vpc", remove(endpoint, "network-s3"))
	breaks(t, "N4", "network-private-a", set(endpoint, "network-s3", "routeTableIds", []any{}))
	breaks(t, "N4", "network-private-a",
		set(endpoint, "network-s3", "routeTableIds", []any{"RouteTable-network-data"}))
	breaks(t, "N4", "network-private-c", set(endpoint, "network-s3", "routeTableIds",
		[]any{"RouteTable-network-private-a", "RouteTable-network-private-b"}))
	breaks(t, "N4", "network-private-a",
		remove(tableOfSubnet, "network-private-a"))
	breaks(t, "N4", "network-vpc", set(endpoint, "network-s3", "vpcEndpointType", "Interface"))
}

func TestN5(t *testing.T) {
	t.Parallel()

	const group = "aws:ec2/securityGroup:SecurityGroup"

	anyone := []any{map[string]any{"cidrBlocks": []any{"10.0.0.0/8", "0.0.0.0/0"}}}

	holds(t, "N5")
	breaks(t, "N5", "open", add(ingressRule, "open", map[string]any{"cidrIpv6": "::/0"}))
	breaks(t, "N5", "open", add(group, "open", map[string]any{"ingress": anyone}))
	breaks(t, "N5", "open", add("aws:ec2/securityGroupRule:SecurityGroupRule", "open",
		map[string]any{"type": "ingress", "cidrBlocks": []any{"0.0.0.0/0"}}))

	// Halves of everything, a range that only begins in a private one, somebody's, and what cannot be read.
	for _, cidr := range []string{"0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/7", "fc00::/6", "203.0.113.0/24", "nonsense"} {
		breaks(t, "N5", "open", add(ingressRule, "open", map[string]any{"cidrIpv4": cidr}))
	}
}

func TestPrivateRangesAreNotOpen(t *testing.T) {
	t.Parallel()

	for _, cidr := range []string{"10.20.0.0/16", "172.31.0.0/16", "192.168.0.0/16", "100.64.0.0/10", "fd00::/8"} {
		environment := golden(t, "staging")
		add(ingressRule, "private", map[string]any{"cidrIpv4": cidr})(&environment)
		assert.Equal(t, controls.Pass, finding(t, environment, "N5").Result, cidr)
	}
}

func TestN6(t *testing.T) {
	t.Parallel()

	group := map[string]any{"egress": []any{map[string]any{"description": "out"}, map[string]any{"fromPort": 1.0}}}

	holds(t, "N6")
	breaks(t, "N6", "mute", add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "mute", map[string]any{}))
	breaks(t, "N6", "mute", add("aws:ec2/securityGroup:SecurityGroup", "mute", group))
}

func TestN7(t *testing.T) {
	t.Parallel()

	// inOneZone moves a tier there.
	inOneZone := func(tier string) func(*controls.Environment) {
		return func(environment *controls.Environment) {
			for _, zone := range []string{"a", "b", "c"} {
				set(subnet, tier+"-"+zone, "availabilityZone", "us-east-1a")(environment)
			}
		}
	}

	holds(t, "N7")
	breaks(t, "N7", "network-vpc", inOneZone("network-private"))
	breaks(t, "N7", "network-vpc", inOneZone("network-public"))
	breaks(t, "N7", "network-private-a", remove(route, "network-private"))
	breaks(t, "N7", "network-private-b", remove(route, "network-private-b"))
	breaks(t, "N7", "network-private-b", set(route, "network-private-b", "destinationCidrBlock", "192.0.2.0/24"))
	breaks(t, "N7", "network-private-b", set(route, "network-private-b", "natGatewayId", "NatGateway-network-nat-a"))
	breaks(t, "N7", "network-private-b", remove("aws:ec2/natGateway:NatGateway", "network-nat-b"))
	breaks(t, "N7", "network-private-b", func(environment *controls.Environment) {
		set(subnet, "network-private-b", "tags", map[string]any{})(environment)
		set(route, "network-private-b", "natGatewayId", "NatGateway-network-nat-a")(environment)
	})
}

func TestN8(t *testing.T) {
	t.Parallel()

	public := map[string]any{"kubernetes.io/role/elb": "1"}
	internal := map[string]any{"kubernetes.io/role/internal-elb": "1"}
	both := map[string]any{"kubernetes.io/role/elb": "1", "kubernetes.io/role/internal-elb": "1"}

	holds(t, "N8")
	breaks(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", map[string]any{}))
	breaks(t, "N8", "network-private-a", set(subnet, "network-private-a", "tags", map[string]any{}))
	breaks(t, "N8", "network-private-a", set(subnet, "network-private-a", "tags", public))
	breaks(t, "N8", "network-data-a", set(subnet, "network-data-a", "tags", public))
	breaks(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", internal))
	breaks(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", both))
	breaks(t, "N8", "network-vpc", remove(subnet, "network-private"))
}

func TestN9(t *testing.T) {
	t.Parallel()

	const vpc = "aws:ec2/vpc:Vpc"

	holds(t, "N9")
	breaks(t, "N9", "network-data-a", set(subnet, "network-data-a", "cidrBlock", "10.20.0.0/24"))
	breaks(t, "N9", "network-data-a", set(subnet, "network-data-a", "cidrBlock", "10.99.0.0/22"))
	breaks(t, "N9", "network-data-a", set(vpc, "network-vpc", "cidrBlock", "10.20.0.0/20"))
	breaks(t, "N9", "network-vpc", set(vpc, "network-vpc", "cidrBlock", "10.10.0.0/16"))

	environment := golden(t, "staging")
	set(vpc, "network-vpc", "cidrBlock", "10.0.0.0/8")(&environment)
	assert.Equal(t, "network-vpc: it overlaps network-vpc of sandbox", finding(t, environment, "N9").Reason)

	breaks(t, "N9", "network-vpc", add(vpc, "another", object{"cidrBlock": "10.20.64.0/20"}))

	const later = "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation"

	breaks(t, "N9", "more", add(later, "more", object{"vpcId": "Vpc-network-vpc", "cidrBlock": "10.10.0.0/20"}))

	environment = golden(t, "staging")
	set(subnet, "network-data-a", "cidrBlock", "10.99.0.0/22")(&environment)
	add(later, "more", object{"vpcId": "Vpc-network-vpc", "cidrBlock": "10.99.0.0/20"})(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "N9").Result, "a subnet may be in a later block")
}

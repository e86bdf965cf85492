package controls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typeVPC             = "aws:ec2/vpc:Vpc"
	typeSubnet          = "aws:ec2/subnet:Subnet"
	typeInternetGateway = "aws:ec2/internetGateway:InternetGateway"
	typeNATGateway      = "aws:ec2/natGateway:NatGateway"
	typeRoute           = "aws:ec2/route:Route"
	typeRouteTable      = "aws:ec2/routeTable:RouteTable"
	typeMainTable       = "aws:ec2/defaultRouteTable:DefaultRouteTable"
	typeAssociation     = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	typeMainAssociation = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
	typeFlowLog         = "aws:ec2/flowLog:FlowLog"
	typeLogGroup        = "aws:cloudwatch/logGroup:LogGroup"
	typeEndpoint        = "aws:ec2/vpcEndpoint:VpcEndpoint"
)

// The tags by which load balancers find their subnets.
const (
	publicRole   = `tags["kubernetes.io/role/elb"]`
	internalRole = `tags["kubernetes.io/role/internal-elb"]`
)

// flowLogs is N1.
func flowLogs(c *check) {
	for _, vpc := range c.all(typeVPC) {
		logs := where(c.all(typeFlowLog), "vpcId", string(vpc.ID))
		c.hold(vpc, "id", len(logs) > 0, "the VPC has no flow log")

		for _, log := range logs {
			c.require(log, requirements{
				{"trafficType", is("ALL", "REJECT"), "rejected traffic is not logged; expected ALL or REJECT (EC2.6)"},
			})

			group, ok := byARN(c.all(typeLogGroup), strings.TrimSuffix(text(log, "logDestination"), ":*"))
			c.hold(log, "logDestination", ok, "expected a log group of the stack")

			if ok {
				c.retention(group)
			}
		}
	}
}

// defaultGroup is N2.
func defaultGroup(c *check) {
	for _, vpc := range c.all(typeVPC) {
		adopted := where(c.all(typeDefaultGroup), "vpcId", string(vpc.ID))
		c.hold(vpc, "defaultSecurityGroupId", len(adopted) > 0,
			"the default security group has AWS's rules; expected a DefaultSecurityGroup resource that removes them")

		for _, group := range adopted {
			for _, rules := range ruleSets(c.State) {
				if rules.group() == string(group.ID) {
					c.hold(rules.holder, rules.property("securityGroupId"), len(rules.paths) == 0,
						"the default security group has a rule; expected none")
				}
			}
		}
	}
}

// publicAddresses is N3. Public subnets need none either: load balancers and NAT gateways have addresses of their own.
func publicAddresses(c *check) {
	c.each(typeSubnet, requirements{
		{"mapPublicIpOnLaunch", is(nil, false), "instances in the subnet get public addresses; expected false"},
	})
}

// gatewayEndpoint is N4. A private subnet without the endpoint in its route table pulls images and writes logs through
// the NAT gateway, which charges for every byte.
func gatewayEndpoint(c *check) {
	for _, vpc := range c.all(typeVPC) {
		endpoints := filter(where(c.all(typeEndpoint), "vpcId", string(vpc.ID)), func(endpoint state.Resource) bool {
			return text(endpoint, "vpcEndpointType") == "Gateway" && strings.HasSuffix(text(endpoint, "serviceName"), ".s3")
		})
		c.hold(vpc, "id", len(endpoints) > 0, "the VPC has no gateway endpoint of S3")

		var tables []any
		for _, endpoint := range endpoints {
			tables = append(tables, list(endpoint, "routeTableIds")...)
		}

		for _, subnet := range where(c.all(typeSubnet), "vpcId", string(vpc.ID)) {
			if isPrivate(c.State, subnet) {
				c.hold(subnet, "id", slices.Contains(tables, any(tableOf(c.State, subnet))),
					"the subnet's route table has no gateway endpoint of S3")
			}
		}
	}
}

// zones is N7. Nodes and load balancers must each have two zones; the zones of data subnets do not count for either.
func zones(c *check) {
	for _, vpc := range c.all(typeVPC) {
		subnets := where(c.all(typeSubnet), "vpcId", string(vpc.ID))
		private := filter(subnets, func(subnet state.Resource) bool { return isPrivate(c.State, subnet) })
		public := filter(subnets, func(subnet state.Resource) bool { return isPublic(c.State, subnet) })

		c.hold(vpc, "id", countZones(private) > 1, "the private subnets are in fewer than two zones")
		c.hold(vpc, "id", countZones(public) > 1, "the public subnets are in fewer than two zones")

		if !c.HighlyAvailable {
			continue // one NAT gateway for all zones, or none
		}

		for _, subnet := range private {
			c.hold(subnet, "availabilityZone", hasNATInItsZone(c.State, subnet),
				"the subnet has no default route to a NAT gateway in its own zone")
		}
	}
}

func countZones(subnets []state.Resource) int {
	found := make(map[string]bool)

	for _, subnet := range subnets {
		if zone := text(subnet, "availabilityZone"); zone != "" {
			found[zone] = true
		}
	}

	return len(found)
}

// roleTags is N8: a subnet has the tag of the role that its routes make possible, and not the other one.
func roleTags(c *check) {
	for _, vpc := range c.all(typeVPC) {
		subnets := where(c.all(typeSubnet), "vpcId", string(vpc.ID))

		for _, subnet := range subnets {
			public := isPublic(c.State, subnet)

			c.hold(subnet, publicRole, hasRole(subnet, publicRole) == public,
				"expected the tag on public subnets, and only there")

			if public {
				c.hold(subnet, internalRole, !hasRole(subnet, internalRole), "expected no such tag on a public subnet")
			} else if behindNAT(c.State, subnet) {
				c.hold(subnet, internalRole, hasRole(subnet, internalRole), "expected the tag on a private subnet")
			}
		}

		public, internal := len(where(subnets, publicRole, "1")), len(where(subnets, internalRole, "1"))
		c.hold(vpc, "id", public > 0 && internal > 0, fmt.Sprintf(
			"%d subnets are tagged for public load balancers and %d for internal ones; expected some of each",
			public, internal))
	}
}

func hasRole(subnet state.Resource, role string) bool { return text(subnet, role) == "1" }

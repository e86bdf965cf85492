package controls

import (
	"net/netip"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// The types that network controls look at.
const (
	typeVPC             = "aws:ec2/vpc:Vpc"
	typeSubnet          = "aws:ec2/subnet:Subnet"
	typeInternetGateway = "aws:ec2/internetGateway:InternetGateway"
	typeNATGateway      = "aws:ec2/natGateway:NatGateway"
	typeRoute           = "aws:ec2/route:Route"
	typeAssociation     = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	typeFlowLog         = "aws:ec2/flowLog:FlowLog"
	typeLogGroup        = "aws:cloudwatch/logGroup:LogGroup"
	typeDefaultGroup    = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	typeEndpoint        = "aws:ec2/vpcEndpoint:VpcEndpoint"
)

// flowLogs is N1.
func flowLogs(environment Environment, v *verdict) {
	groups := of(environment.State, typeLogGroup)

	for _, vpc := range of(environment.State, typeVPC) {
		logs := refersTo(of(environment.State, typeFlowLog), "vpcId", vpc)
		v.hold(vpc, "id", len(logs) > 0, "it has no flow log")

		for _, log := range logs {
			v.hold(log, "trafficType", text(log, "trafficType") == "ALL", "it does not log all traffic")

			kept := dependencies(log, groups)
			v.hold(log, "logDestination", len(kept) > 0, "it logs to no log group")

			for _, group := range kept {
				days, _ := input(group, "retentionInDays").(float64)
				v.hold(group, "retentionInDays", days > 0, "it keeps logs for ever")
			}
		}
	}
}

// defaultGroup is N2.
func defaultGroup(environment Environment, v *verdict) {
	for _, vpc := range of(environment.State, typeVPC) {
		adopted := refersTo(of(environment.State, typeDefaultGroup), "vpcId", vpc)
		v.hold(vpc, "defaultSecurityGroupId", len(adopted) > 0, "its default security group has AWS's rules")

		for _, group := range adopted {
			for _, direction := range directions() {
				v.hold(group, direction, len(list(group, direction)) == 0, "it has rules")
			}
		}
	}
}

// noPublicAddresses is N3. Public subnets need none either: load balancers and NAT gateways have addresses
// of their own.
func noPublicAddresses(environment Environment, v *verdict) {
	for _, subnet := range of(environment.State, typeSubnet) {
		maps, _ := input(subnet, "mapPublicIpOnLaunch").(bool)
		v.hold(subnet, "mapPublicIpOnLaunch", !maps, "it gives public addresses to what starts in it")
	}
}

// gatewayEndpoint is N4.
func gatewayEndpoint(environment Environment, v *verdict) {
	for _, vpc := range of(environment.State, typeVPC) {
		routed := false

		for _, endpoint := range refersTo(of(environment.State, typeEndpoint), "vpcId", vpc) {
			if text(endpoint, "vpcEndpointType") == "Gateway" && strings.HasSuffix(text(endpoint, "serviceName"), ".s3") {
				routed = routed || len(list(endpoint, "routeTableIds")) > 0
			}
		}

		v.hold(vpc, "id", routed, "no route table has an S3 gateway endpoint")
	}
}

// disjointRanges is N9.
func disjointRanges(environment Environment, v *verdict) {
	const property = "cidrBlock"

	subnets := of(environment.State, typeSubnet)
	for i, subnet := range subnets {
		for _, other := range subnets[i+1:] {
			v.hold(subnet, property, !overlap(subnet, other), "it overlaps "+other.URN.Name())
		}
	}

	for _, vpc := range of(environment.State, typeVPC) {
		for _, elsewhere := range environment.Others {
			for _, other := range of(elsewhere, typeVPC) {
				v.hold(vpc, property, !overlap(vpc, other), "it overlaps "+string(other.URN))
			}
		}
	}
}

// overlap reports whether two CIDRs share addresses. One that cannot be read counts as if it did.
func overlap(a, b state.Resource) bool {
	one, errA := netip.ParsePrefix(text(a, "cidrBlock"))
	other, errB := netip.ParsePrefix(text(b, "cidrBlock"))

	return errA != nil || errB != nil || one.Overlaps(other)
}

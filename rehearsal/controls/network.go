package controls

import (
	"slices"
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
	typeRouteTable      = "aws:ec2/routeTable:RouteTable"
	typeMainTable       = "aws:ec2/defaultRouteTable:DefaultRouteTable"
	typeAssociation     = "aws:ec2/routeTableAssociation:RouteTableAssociation"
	typeMainAssociation = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
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
			rejected := slices.Contains([]string{"ALL", "REJECT"}, text(log, "trafficType"))
			v.hold(log, "trafficType", rejected, "it does not log rejected traffic (EC2.6)")

			kept, ours := byARN(groups, strings.TrimSuffix(text(log, "logDestination"), ":*"))
			v.hold(log, "logDestination", ours, "it logs to no log group of ours")

			if ours {
				v.holdRetention([]state.Resource{kept})
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
			for _, set := range ruleSets(environment.State) {
				if groupOf(set) == string(group.ID) {
					v.hold(set.holder, set.property("securityGroupId"), len(set.at) == 0, "the default security group has a rule")
				}
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

// gatewayEndpoint is N4. One that is missing from the table of a single subnet sends that subnet's images and logs
// through the NAT gateway, and its bill.
func gatewayEndpoint(environment Environment, v *verdict) {
	for _, vpc := range of(environment.State, typeVPC) {
		endpoints := s3Gateways(environment.State, vpc)
		v.hold(vpc, "id", len(endpoints) > 0, "it has no S3 gateway endpoint")

		var tables []any
		for _, endpoint := range endpoints {
			tables = append(tables, list(endpoint, "routeTableIds")...)
		}

		for _, subnet := range refersTo(of(environment.State, typeSubnet), "vpcId", vpc) {
			if isPrivate(environment.State, subnet) {
				routed := slices.Contains(tables, any(tableOf(environment.State, subnet)))
				v.hold(subnet, "id", routed, "its route table has no S3 gateway endpoint")
			}
		}
	}
}

// s3Gateways returns the S3 gateway endpoints of a VPC.
func s3Gateways(s *state.State, vpc state.Resource) []state.Resource {
	return slices.DeleteFunc(refersTo(of(s, typeEndpoint), "vpcId", vpc), func(endpoint state.Resource) bool {
		return text(endpoint, "vpcEndpointType") != "Gateway" || !strings.HasSuffix(text(endpoint, "serviceName"), ".s3")
	})
}

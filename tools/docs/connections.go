package main

import (
	"fmt"
	"slices"
	"strings"
)

// routesOf returns the routes in the route table of a subnet.
func (p *plan) routesOf(subnet resource) []resource {
	var routes []resource

	for _, association := range p.ofKind("RouteTableAssociation") {
		for _, route := range p.ofKind("Route") {
			if association.text("subnetId") == subnet.ID && route.text("routeTableId") == association.text("routeTableId") {
				routes = append(routes, route)
			}
		}
	}

	return routes
}

// routes draws the routes of each subnet.
func (p *plan) routes() {
	for _, subnet := range p.ofKind("Subnet") {
		for _, route := range p.routesOf(subnet) {
			target := route.text("gatewayId") + route.text("natGatewayId")

			i := slices.IndexFunc(p.resources, func(r resource) bool { return r.ID == target })
			if i < 0 {
				p.problems = append(p.problems,
					fmt.Errorf("the golden graph has no resource with the ID %q, the target of the route %s", target, route.name()))

				continue
			}

			if p.resources[i].kind() == "NatGateway" {
				target = p.resources[i].text("subnetId") // the box of that subnet mentions the gateway
			}

			p.edge(subnet.ID, dotted, target, route.text("destinationCidrBlock"))
		}
	}

	for _, gateway := range p.ofKind("InternetGateway") {
		p.edge(gateway.ID, dotted, "internet", "")
	}
}

// endpoints draws which subnets reach which AWS services without the internet.
func (p *plan) endpoints() {
	for _, endpoint := range p.ofKind("VpcEndpoint") {
		from := endpoint.texts("subnetIds")

		for _, association := range p.ofKind("RouteTableAssociation") {
			if slices.Contains(endpoint.texts("routeTableIds"), association.text("routeTableId")) {
				from = append(from, association.text("subnetId"))
			}
		}

		for _, subnet := range from {
			p.edge(subnet, dotted, endpoint.ID, "")
		}
	}
}

// connections draws the connections that security groups allow, with their ports.
func (p *plan) connections() {
	var edges []edge

	ports := make(map[edge][]string)

	for _, rule := range p.ofKind("SecurityGroupIngressRule") {
		for _, from := range p.sources(rule) {
			for _, to := range p.members(rule.text("securityGroupId")) {
				e := edge{from, to}
				if ports[e] == nil {
					edges = append(edges, e)
				}

				ports[e] = append(ports[e], rule.text("toPort"))
			}
		}
	}

	for _, e := range edges {
		p.edge(e.from, arrow, e.to, strings.Join(ports[e], ", "))
	}
}

// sources returns the IDs of the nodes from which a rule allows connections.
func (p *plan) sources(rule resource) []string {
	if group := rule.text("referencedSecurityGroupId"); group != "" {
		return p.members(group)
	}

	if cidr := rule.text("cidrIpv4"); cidr != "0.0.0.0/0" {
		p.problems = append(p.problems, fmt.Errorf("%s allows %q, which is not in the drawing", rule.name(), cidr))

		return nil
	}

	return []string{"internet"}
}

// members returns the IDs of the resources in a security group. A node group has the groups of its launch template.
func (p *plan) members(securityGroup string) []string {
	var members []string

	for _, r := range p.resources {
		groups := slices.Concat(r.texts("securityGroups"), r.texts("securityGroupIds"), r.texts("vpcSecurityGroupIds"))
		if !slices.Contains(groups, securityGroup) {
			continue
		}

		if r.kind() != "LaunchTemplate" {
			members = append(members, r.ID)
		}

		for _, group := range p.ofKind("NodeGroup") {
			if template, _ := group.Inputs["launchTemplate"].(map[string]any); template["id"] == r.ID {
				members = append(members, group.ID)
			}
		}
	}

	return members
}

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// plan draws the network of one environment.
type plan struct {
	graph
	*flowchart

	// problems collects what cannot be drawn.
	problems []error
}

// drawNetwork draws the subnets with their contents, the routes, and the connections that security groups allow.
func drawNetwork(g graph) (string, error) {
	p := &plan{graph: g, flowchart: newFlowchart("TB")}
	p.checkKinds()

	p.node("internet", "the internet")

	for _, vpc := range g.ofKind("Vpc") {
		p.frame("vpc", "VPC "+vpc.text("cidrBlock"), p.inside)
	}

	p.routes()
	p.endpoints()
	p.connections()

	return p.String(), errors.Join(p.problems...)
}

// checkKinds finds resources of the network that this drawing does not know.
func (p *plan) checkKinds() {
	known := []string{
		"InternetGateway", "NatGateway", "Network", "Route", "RouteTable", "RouteTableAssociation", "SecurityGroup", "Subnet",
		"Vpc", "VpcEndpoint",
		// Neither a place nor a connection.
		"DefaultSecurityGroup", "Eip", "FlowLog", "LogGroup", "Role", "RolePolicy", "Zone",
	}

	for _, r := range p.resources {
		if componentOf(r.URN) == "network" && !slices.Contains(known, r.kind()) {
			p.problems = append(p.problems,
				fmt.Errorf("%s is a %s: draw that kind in tools/docs/network.go, or add it to the known kinds", r.name(), r.kind()))
		}
	}
}

// inside draws the contents of the VPC.
func (p *plan) inside() {
	for _, gateway := range p.ofKind("InternetGateway") {
		p.node(gateway.ID, "internet gateway")
	}

	for _, balancer := range p.ofKind("LoadBalancer") {
		p.node(balancer.ID, balancer.text("loadBalancerType")+" load balancer",
			fmt.Sprintf("an address in %d public subnets", len(balancer.texts("subnets"))))
	}

	var zones []string
	for _, subnet := range p.ofKind("Subnet") {
		zones = append(zones, subnet.text("availabilityZone"))
	}

	slices.Sort(zones)

	for _, zone := range slices.Compact(zones) {
		p.frame("zone "+zone, "zone "+zone, func() { p.subnets(zone) })
	}

	for _, endpoint := range p.ofKind("VpcEndpoint") {
		service := endpoint.text("serviceName")
		p.node(endpoint.ID, strings.ToLower(endpoint.text("vpcEndpointType"))+" endpoint",
			"of "+service[strings.LastIndex(service, ".")+1:])
	}

	for _, database := range p.ofKind("Instance") {
		lines := []string{"MySQL " + database.text("engineVersion"), database.text("instanceClass")}
		if database.Inputs["multiAz"] == true {
			lines = append(lines, "and a standby in another zone")
		}

		p.store(database.ID, lines...)
	}

	for _, cache := range p.ofKind("ReplicationGroup") {
		p.store(cache.ID, "Valkey "+cache.text("engineVersion"), cache.text("numCacheClusters")+" × "+cache.text("nodeType"))
	}
}

// subnets draws the subnets of a zone with their contents. In reverse, the tiers are public, private and data.
func (p *plan) subnets(zone string) {
	for _, subnet := range slices.Backward(p.ofKind("Subnet")) {
		if subnet.text("availabilityZone") != zone {
			continue
		}

		tier, _, _ := strings.Cut(strings.TrimPrefix(subnet.name(), "network-"), "-")
		title := tier + " subnet " + subnet.text("cidrBlock")

		groups := in(p.ofKind("NodeGroup"), subnet)
		if len(groups) == 0 {
			p.node(subnet.ID, append([]string{title}, p.contents(subnet)...)...)

			continue
		}

		p.frame(subnet.ID, title, func() {
			for _, group := range groups {
				p.node(group.ID, nodes(group)...)
			}
		})
	}
}

// contents describes the use of a subnet without nodes.
func (p *plan) contents(subnet resource) []string {
	var contents []string

	for _, gateway := range p.ofKind("NatGateway") {
		if gateway.text("subnetId") == subnet.ID {
			contents = append(contents, "NAT gateway")
		}
	}

	for _, group := range in(p.ofKind("SubnetGroup"), subnet) {
		contents = append(contents, "of the "+componentOf(group.URN))
	}

	if len(p.routesOf(subnet)) == 0 {
		contents = append(contents, "no way out")
	}

	return contents
}

// in returns the groups that contain a subnet.
func in(groups []resource, subnet resource) []resource {
	return slices.DeleteFunc(groups, func(group resource) bool {
		return !slices.Contains(group.texts("subnetIds"), subnet.ID)
	})
}

// nodes describes a node group.
func nodes(group resource) []string {
	scaling, _ := group.Inputs["scalingConfig"].(map[string]any)
	machines := strings.Join(group.texts("instanceTypes"), " or ")

	return []string{
		"nodes " + strings.TrimPrefix(group.name(), "cluster-nodes-"),
		fmt.Sprintf("%v to %v %s", scaling["minSize"], scaling["maxSize"], machines),
		strings.ToLower(strings.ReplaceAll(group.text("capacityType"), "_", " ")),
	}
}

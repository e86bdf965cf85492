package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// plan draws the network of one environment.
type plan struct {
	*graph
	*flowchart

	// drawn holds the IDs of the subnets that have a box.
	drawn map[string]bool
	// errs collects what cannot be drawn.
	errs []error
}

// drawNetwork draws the subnets with their contents, the routes, and the connections that security groups allow.
func drawNetwork(g *graph) (string, error) {
	p := &plan{graph: g, flowchart: newFlowchart("TB"), drawn: make(map[string]bool)}
	p.checkKinds()

	p.node("internet", "the internet")

	for _, vpc := range g.ofType("/vpc:Vpc") {
		p.frame("vpc", "VPC "+vpc.text("cidrBlock"), p.inside)
	}

	for _, subnet := range p.ofType(":Subnet") {
		if !p.drawn[subnet.ID] {
			p.errs = append(p.errs, fmt.Errorf("%s is in no tier that is drawn", subnet.name()))
		}
	}

	p.routes()
	p.endpoints()
	p.rules()

	return p.String(), errors.Join(p.errs...)
}

// notDrawn lists the kinds of resources of the network that are neither a place nor a connection.
func notDrawn() []string {
	return []string{"DefaultSecurityGroup", "Eip", "FlowLog", "LogGroup", "Role", "RolePolicy", "Zone"}
}

// checkKinds finds resources of the network that this drawing does not know.
func (p *plan) checkKinds() {
	drawn := []string{
		"InternetGateway", "NatGateway", "Network", "Route", "RouteTable", "RouteTableAssociation", "SecurityGroup", "Subnet",
		"Vpc", "VpcEndpoint",
	}

	for _, r := range p.resources {
		if r.component() == "network" && !slices.Contains(slices.Concat(drawn, notDrawn()), r.kind()) {
			p.errs = append(p.errs, fmt.Errorf("%s is a %s: draw that kind in tools/docs/network.go, or add it to notDrawn",
				r.name(), r.kind()))
		}
	}
}

// inside draws the contents of the VPC.
func (p *plan) inside() {
	for _, gateway := range p.ofType(":InternetGateway") {
		p.node(gateway.ID, "internet gateway")
	}

	for _, balancer := range p.ofType(":LoadBalancer") {
		p.node(balancer.ID, balancer.text("loadBalancerType")+" load balancer",
			fmt.Sprintf("an address in %d public subnets", len(balancer.texts("subnets"))))
	}

	for _, zone := range p.zones() {
		p.frame("zone "+zone, "zone "+zone, func() {
			for _, tier := range []string{"public", "private", "data"} {
				p.subnets(zone, tier)
			}
		})
	}

	for _, endpoint := range p.ofType(":VpcEndpoint") {
		service := endpoint.text("serviceName")
		kind := strings.ToLower(endpoint.text("vpcEndpointType"))
		p.node(endpoint.ID, kind+" endpoint", "of "+service[strings.LastIndex(service, ".")+1:])
	}

	for _, database := range p.ofType("rds/instance:Instance") {
		lines := []string{"MySQL " + database.text("engineVersion"), database.text("instanceClass")}
		if database.Inputs["multiAz"] == true {
			lines = append(lines, "and a standby in another zone")
		}

		p.store(database.ID, lines...)
	}

	for _, cache := range p.ofType(":ReplicationGroup") {
		p.store(cache.ID, "Valkey "+cache.text("engineVersion"),
			fmt.Sprintf("%d × %s", cache.number("numCacheClusters"), cache.text("nodeType")))
	}
}

// zones returns the zones of the subnets.
func (p *plan) zones() []string {
	var zones []string
	for _, subnet := range p.ofType(":Subnet") {
		zones = append(zones, subnet.text("availabilityZone"))
	}

	slices.Sort(zones)

	return slices.Compact(zones)
}

// subnets draws the subnets of a tier in a zone, with their contents.
func (p *plan) subnets(zone, tier string) {
	for _, subnet := range p.ofType(":Subnet") {
		if subnet.text("availabilityZone") != zone || !strings.HasPrefix(subnet.name(), "network-"+tier+"-") {
			continue
		}

		p.drawn[subnet.ID] = true
		title := tier + " subnet " + subnet.text("cidrBlock")

		groups := in(p.ofType(":NodeGroup"), subnet)
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

	for _, gateway := range p.ofType(":NatGateway") {
		if gateway.text("subnetId") == subnet.ID {
			contents = append(contents, "NAT gateway")
		}
	}

	for _, group := range in(p.ofType(":SubnetGroup"), subnet) {
		contents = append(contents, "of the "+group.component())
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
	capacity := strings.ToLower(strings.ReplaceAll(group.text("capacityType"), "_", " "))
	machines := strings.Join(group.texts("instanceTypes"), " or ")

	return []string{
		"nodes " + strings.TrimPrefix(group.name(), "cluster-nodes-"),
		fmt.Sprintf("%v to %v %s", scaling["minSize"], scaling["maxSize"], machines),
		capacity,
	}
}

// routesOf returns the routes in the route table of a subnet.
func (p *plan) routesOf(subnet resource) []resource {
	var routes []resource

	for _, association := range p.ofType(":RouteTableAssociation") {
		for _, route := range p.ofType("/route:Route") {
			if association.text("subnetId") == subnet.ID && route.text("routeTableId") == association.text("routeTableId") {
				routes = append(routes, route)
			}
		}
	}

	return routes
}

// routes draws the routes of each subnet.
func (p *plan) routes() {
	for _, subnet := range p.ofType(":Subnet") {
		for _, route := range p.routesOf(subnet) {
			gateway, err := p.byID(route.text("gatewayId") + route.text("natGatewayId"))
			if err != nil {
				p.errs = append(p.errs, fmt.Errorf("finding the target of the route %s: %w", route.name(), err))

				continue
			}

			to := gateway.ID
			if gateway.kind() == "NatGateway" {
				to = gateway.text("subnetId") // the box of that subnet mentions the gateway
			}

			p.dotted(subnet.ID, to, route.text("destinationCidrBlock"))
		}
	}

	for _, gateway := range p.ofType(":InternetGateway") {
		p.dotted(gateway.ID, "internet", "")
	}
}

// endpoints draws which subnets reach which AWS services without the internet.
func (p *plan) endpoints() {
	for _, endpoint := range p.ofType(":VpcEndpoint") {
		from := endpoint.texts("subnetIds")

		for _, association := range p.ofType(":RouteTableAssociation") {
			if slices.Contains(endpoint.texts("routeTableIds"), association.text("routeTableId")) {
				from = append(from, association.text("subnetId"))
			}
		}

		for _, subnet := range from {
			p.dotted(subnet, endpoint.ID, "")
		}
	}
}

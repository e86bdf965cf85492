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

	// drawn are the ids of the subnets that have a box.
	drawn map[string]bool
	// wrong collects what cannot be drawn.
	wrong []error
}

// drawNetwork draws where everything is, and how one gets from one place to another.
func drawNetwork(g *graph) (string, error) {
	p := &plan{graph: g, flowchart: newFlowchart("TB"), drawn: make(map[string]bool)}
	p.complete()

	p.node("internet", "the internet")

	for _, vpc := range g.of("/vpc:Vpc") {
		p.frame("vpc", "VPC "+vpc.text("cidrBlock"), p.inside)
	}

	for _, subnet := range p.of(":Subnet") {
		if !p.drawn[subnet.ID] {
			p.wrong = append(p.wrong, fmt.Errorf("the subnet %s is of no tier that is drawn", subnet.name()))
		}
	}

	p.routes()
	p.endpoints()
	p.rules()

	return p.String(), errors.Join(p.wrong...)
}

// notDrawn are the kinds of resources of the component network that are no places and lead nowhere.
func notDrawn() []string {
	return []string{"DefaultSecurityGroup", "Eip", "FlowLog", "LogGroup", "Role", "RolePolicy", "Zone"}
}

// complete finds what the component network has got that this drawing knows nothing of.
func (p *plan) complete() {
	drawn := []string{
		"InternetGateway", "NatGateway", "Network", "Route", "RouteTable", "RouteTableAssociation", "SecurityGroup", "Subnet",
		"Vpc", "VpcEndpoint",
	}

	for _, r := range p.resources {
		if r.component() == "network" && !slices.Contains(slices.Concat(drawn, notDrawn()), r.kind()) {
			p.wrong = append(p.wrong, fmt.Errorf("%s is a %s: draw it, or say in tools/drawings that it is not drawn",
				r.name(), r.kind()))
		}
	}
}

// inside draws what is in the VPC.
func (p *plan) inside() {
	for _, gateway := range p.of(":InternetGateway") {
		p.node(gateway.ID, "internet gateway")
	}

	for _, balancer := range p.of(":LoadBalancer") {
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

	for _, endpoint := range p.of(":VpcEndpoint") {
		service := endpoint.text("serviceName")
		kind := strings.ToLower(endpoint.text("vpcEndpointType"))
		p.node(endpoint.ID, kind+" endpoint", "of "+service[strings.LastIndex(service, ".")+1:])
	}

	for _, database := range p.of("rds/instance:Instance") {
		lines := []string{"MySQL " + database.text("engineVersion"), database.text("instanceClass")}
		if database.Inputs["multiAz"] == true {
			lines = append(lines, "and a standby in another zone")
		}

		p.store(database.ID, lines...)
	}

	for _, cache := range p.of(":ReplicationGroup") {
		p.store(cache.ID, "Valkey "+cache.text("engineVersion"),
			fmt.Sprintf("%d × %s", cache.number("numCacheClusters"), cache.text("nodeType")))
	}
}

// zones are those that subnets are in.
func (p *plan) zones() []string {
	var zones []string
	for _, subnet := range p.of(":Subnet") {
		zones = append(zones, subnet.text("availabilityZone"))
	}

	slices.Sort(zones)

	return slices.Compact(zones)
}

// subnets draws those of a tier in a zone, with what is in them.
func (p *plan) subnets(zone, tier string) {
	for _, subnet := range p.of(":Subnet") {
		if subnet.text("availabilityZone") != zone || !strings.HasPrefix(subnet.name(), "network-"+tier+"-") {
			continue
		}

		p.drawn[subnet.ID] = true
		title := tier + " subnet " + subnet.text("cidrBlock")

		groups := in(p.of(":NodeGroup"), subnet)
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

// contents are what a subnet without nodes is for.
func (p *plan) contents(subnet resource) []string {
	var contents []string

	for _, gateway := range p.of(":NatGateway") {
		if gateway.text("subnetId") == subnet.ID {
			contents = append(contents, "NAT gateway")
		}
	}

	for _, group := range in(p.of(":SubnetGroup"), subnet) {
		contents = append(contents, "of the "+group.component())
	}

	if len(p.routesOf(subnet)) == 0 {
		contents = append(contents, "no way out")
	}

	return contents
}

// in are those that a subnet is of.
func in(groups []resource, subnet resource) []resource {
	return slices.DeleteFunc(groups, func(group resource) bool {
		return !slices.Contains(group.texts("subnetIds"), subnet.ID)
	})
}

// nodes says what a node group consists of.
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

// routesOf are those of the table that a subnet has.
func (p *plan) routesOf(subnet resource) []resource {
	var routes []resource

	for _, association := range p.of(":RouteTableAssociation") {
		for _, route := range p.of("/route:Route") {
			if association.text("subnetId") == subnet.ID && route.text("routeTableId") == association.text("routeTableId") {
				routes = append(routes, route)
			}
		}
	}

	return routes
}

// routes draws the ways out of each subnet.
func (p *plan) routes() {
	for _, subnet := range p.of(":Subnet") {
		for _, route := range p.routesOf(subnet) {
			gateway, err := p.byID(route.text("gatewayId") + route.text("natGatewayId"))
			if err != nil {
				p.wrong = append(p.wrong, fmt.Errorf("where the route %s leads: %w", route.name(), err))

				continue
			}

			to := gateway.ID
			if gateway.kind() == "NatGateway" {
				to = gateway.text("subnetId") // whose box says that it is there
			}

			p.dotted(subnet.ID, to, route.text("destinationCidrBlock"))
		}
	}

	for _, gateway := range p.of(":InternetGateway") {
		p.dotted(gateway.ID, "internet", "")
	}
}

// endpoints draws who reaches services of AWS without the internet.
func (p *plan) endpoints() {
	for _, endpoint := range p.of(":VpcEndpoint") {
		from := endpoint.texts("subnetIds")

		for _, association := range p.of(":RouteTableAssociation") {
			if slices.Contains(endpoint.texts("routeTableIds"), association.text("routeTableId")) {
				from = append(from, association.text("subnetId"))
			}
		}

		for _, subnet := range from {
			p.dotted(subnet, endpoint.ID, "")
		}
	}
}

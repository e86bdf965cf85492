package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// rules draws the connections that security groups allow, with their ports.
func (p *plan) rules() {
	var edges []edge

	ports := make(map[edge][]string)

	for _, rule := range p.ofType(":SecurityGroupIngressRule") {
		for _, from := range p.sources(rule) {
			for _, to := range p.members(rule.text("securityGroupId")) {
				e := edge{from, to}
				if ports[e] == nil {
					edges = append(edges, e)
				}

				ports[e] = append(ports[e], strconv.Itoa(rule.number("toPort")))
			}
		}
	}

	for _, e := range edges {
		p.arrow(e.from, e.to, strings.Join(ports[e], ", "))
	}
}

// sources returns the IDs of the nodes from which a rule allows connections.
func (p *plan) sources(rule resource) []string {
	if group := rule.text("referencedSecurityGroupId"); group != "" {
		return p.members(group)
	}

	if cidr := rule.text("cidrIpv4"); cidr != "0.0.0.0/0" {
		p.errs = append(p.errs, fmt.Errorf("%s allows %q, which is not in the drawing", rule.name(), cidr))

		return nil
	}

	return []string{"internet"}
}

// members returns the IDs of the resources in a security group. A node group has the groups of its launch template.
func (p *plan) members(group string) []string {
	var found []string

	for _, r := range p.resources {
		for _, property := range []string{"securityGroups", "securityGroupIds", "vpcSecurityGroupIds"} {
			if slices.Contains(r.texts(property), group) {
				found = append(found, p.launched(r)...)
			}
		}
	}

	return found
}

// launched returns the node groups of a launch template, and any other resource itself.
func (p *plan) launched(r resource) []string {
	if r.kind() != "LaunchTemplate" {
		return []string{r.ID}
	}

	var groups []string

	for _, group := range p.ofType(":NodeGroup") {
		template, _ := group.Inputs["launchTemplate"].(map[string]any)
		if template["id"] == r.ID {
			groups = append(groups, group.ID)
		}
	}

	return groups
}

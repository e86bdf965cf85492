package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// rules draws whom the security groups let in, and at which ports.
func (p *plan) rules() {
	var ways []pair

	ports := make(map[pair][]string)

	for _, rule := range p.of(":SecurityGroupIngressRule") {
		for _, from := range p.sources(rule) {
			for _, to := range p.carriers(rule.text("securityGroupId")) {
				way := pair{from, to}
				if ports[way] == nil {
					ways = append(ways, way)
				}

				ports[way] = append(ports[way], strconv.Itoa(rule.number("toPort")))
			}
		}
	}

	for _, way := range ways {
		p.arrow(way.from, way.to, strings.Join(ports[way], ", "))
	}
}

// sources are the ids of whom a rule lets in.
func (p *plan) sources(rule resource) []string {
	if group := rule.text("referencedSecurityGroupId"); group != "" {
		return p.carriers(group)
	}

	if cidr := rule.text("cidrIpv4"); cidr != "0.0.0.0/0" {
		p.wrong = append(p.wrong, fmt.Errorf("%s lets in %q, and nothing is drawn there", rule.name(), cidr))

		return nil
	}

	return []string{"internet"}
}

// carriers are the ids of what carries a security group; nodes carry those of their launch template.
func (p *plan) carriers(group string) []string {
	var found []string

	for _, r := range p.resources {
		for _, property := range []string{"securityGroups", "securityGroupIds", "vpcSecurityGroupIds"} {
			if slices.Contains(r.texts(property), group) {
				found = append(found, p.started(r)...)
			}
		}
	}

	return found
}

// started are the node groups of a launch template, and of anything else it itself.
func (p *plan) started(r resource) []string {
	if r.kind() != "LaunchTemplate" {
		return []string{r.ID}
	}

	var groups []string

	for _, group := range p.of(":NodeGroup") {
		template, _ := group.Inputs["launchTemplate"].(map[string]any)
		if template["id"] == r.ID {
			groups = append(groups, group.ID)
		}
	}

	return groups
}

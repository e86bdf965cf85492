package controls

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// The types that controls of load balancers look at.
const (
	typeBalancer = "aws:lb/loadBalancer:LoadBalancer"
	typeListener = "aws:lb/listener:Listener"
	typeRelease  = "kubernetes:helm.sh/v3:Release"
	typeService  = "kubernetes:core/v1:Service"
)

// spreadBalancer is L1.
func spreadBalancer(environment Environment, v *verdict) {
	for _, balancer := range of(environment.State, typeBalancer) {
		v.hold(balancer, "loadBalancerType", text(balancer, "loadBalancerType") == "network",
			"it is no network load balancer")

		zones := make(map[string]bool)

		for _, subnet := range of(environment.State, typeSubnet) {
			if slices.Contains(list(balancer, "subnets"), any(string(subnet.ID))) {
				zones[text(subnet, "availabilityZone")] = true
			}
		}

		v.hold(balancer, "subnets", len(zones) > 1, fmt.Sprintf("it is in %d zones", len(zones)))

		across, _ := input(balancer, "enableCrossZoneLoadBalancing").(bool)
		v.hold(balancer, "enableCrossZoneLoadBalancing", across, "a zone without nodes answers nobody")
	}
}

// currentPolicies begin the names of the policies that have TLS 1.3, and of those without TLS 1.0 and 1.1 the end is
// one of the others (Elastic Load Balancing, "Security policies for your Network Load Balancer").
const currentPolicies = "ELBSecurityPolicy-TLS13-1-"

// currentTLS is L2. It is about listeners with a certificate.
func currentTLS(environment Environment, v *verdict) {
	for _, listener := range of(environment.State, typeListener) {
		v.nothing = "no certificate is set (`platform:ingress.certificateArn`): TLS is passed through to Traefik's own, " +
			"which clients cannot verify"

		if text(listener, "certificateArn") == "" {
			continue
		}

		v.hold(listener, "protocol", text(listener, "protocol") == "TLS", "it has a certificate and does not use it")

		minor, current := strings.CutPrefix(text(listener, "sslPolicy"), currentPolicies)
		old := strings.HasPrefix(minor, "0-") || strings.HasPrefix(minor, "1-")
		v.hold(listener, "sslPolicy", current && !old, "its policy is not a current one")
	}
}

// ownedBalancer is L3. One that a controller makes for a Service outlives the cluster.
func ownedBalancer(environment Environment, v *verdict) {
	for _, balancer := range of(environment.State, typeBalancer) {
		v.hold(balancer, "securityGroups", len(list(balancer, "securityGroups")) > 0,
			"it was made without a security group, and can never have one")
		v.hold(balancer, "retainOnDelete", !balancer.RetainOnDelete, "a destroy leaves it")
	}

	const reason = "a load balancer is made for it that nobody deletes"

	for _, release := range of(environment.State, typeRelease) {
		v.hold(release, "values", !anywhere(input(release, "values"), asksForBalancer), reason)

		if path.Base(text(release, "chart")) == "traefik" { // its Service asks for one where nothing is said
			v.hold(release, "values.service.spec.type", text(release, "values.service.spec.type") != "", reason)
		}
	}

	for _, service := range of(environment.State, typeService) {
		v.hold(service, "spec.type", text(service, "spec.type") != asked, reason)
	}
}

// asked is the type of a Service for which a controller makes a load balancer.
const asked = "LoadBalancer"

// asksForBalancer reports whether a member of a chart's values is such a type.
func asksForBalancer(name string, value any) bool { return name == "type" && value == asked }

// isEntrance reports whether a rule lets clients in to a load balancer, at a port that is for everybody.
func isEntrance(s *state.State, rule state.Resource) bool {
	from, _ := input(rule, "fromPort").(float64)
	to, _ := input(rule, "toPort").(float64)

	if text(rule, "ipProtocol") != "tcp" || from != to || !slices.Contains([]float64{80, 443}, from) {
		return false
	}

	balancers := carriers(s, text(rule, "securityGroupId"))

	return len(balancers) > 0 && !slices.ContainsFunc(balancers, func(r state.Resource) bool {
		return string(r.Type) != typeBalancer
	})
}

// carriers are those that carry a security group, whatever their type calls it. What only names one in a rule does not.
func carriers(s *state.State, group string) []state.Resource {
	carries := func(property string, value any) bool {
		groups, _ := value.([]any)

		return slices.Contains([]string{"securityGroups", "securityGroupIds", "vpcSecurityGroupIds"}, property) &&
			slices.Contains(groups, any(group))
	}

	return slices.DeleteFunc(slices.Clone(s.Resources), func(r state.Resource) bool {
		return string(r.Type) == typeGroup || string(r.Type) == typeDefaultGroup || !anywhere(r.Inputs, carries)
	})
}

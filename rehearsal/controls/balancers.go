package controls

import (
	"fmt"
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
	}

	for resourceType, property := range map[string]string{
		typeRelease: "values.service.spec.type", typeService: "spec.type",
	} {
		for _, r := range of(environment.State, resourceType) {
			v.hold(r, property, text(r, property) != "LoadBalancer", "a load balancer is made for it that nobody deletes")
		}
	}
}

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

// carriers are those that carry a security group, whatever their type calls it.
func carriers(s *state.State, group string) []state.Resource {
	var found []state.Resource

	for _, r := range s.Resources {
		for _, property := range []string{"securityGroups", "securityGroupIds", "vpcSecurityGroupIds"} {
			if slices.Contains(list(r, property), any(group)) {
				found = append(found, r)
			}
		}
	}

	return found
}

package controls

import (
	"fmt"
	"path"
	"strings"
)

const (
	typeBalancer = "aws:lb/loadBalancer:LoadBalancer"
	typeListener = "aws:lb/listener:Listener"
	typeRelease  = "kubernetes:helm.sh/v3:Release"
	typeService  = "kubernetes:core/v1:Service"
)

// spreadBalancer is L1.
func spreadBalancer(c *check) {
	for _, balancer := range c.all(typeBalancer) {
		zones := countZones(c.subnets(balancer, "subnets"))
		c.hold(balancer, "subnets", zones > 1 || c.hasForeignVPC(),
			fmt.Sprintf("the load balancer is in %d zones; expected at least 2", zones))
		c.require(balancer, requirements{
			{"loadBalancerType", is("network"), "expected a network load balancer"},
			{"enableCrossZoneLoadBalancing", is(true), "clients in a zone without nodes get no answer; expected true"},
		})
	}
}

// currentTLS is L2. It applies to listeners with a certificate.
func currentTLS(c *check) {
	for _, listener := range c.all(typeListener) {
		c.notApplicable = "no certificate is set (`platform:ingress.certificateArn`): TLS passes through to Traefik, whose " +
			"certificate clients cannot verify"

		if text(listener, "certificateArn") == "" {
			continue
		}

		// Policies with this prefix have TLS 1.3. The next digit is the oldest version: 2 is TLS 1.2 (Elastic Load
		// Balancing, "Security policies for your Network Load Balancer").
		oldest, ok := strings.CutPrefix(text(listener, "sslPolicy"), "ELBSecurityPolicy-TLS13-1-")
		old := strings.HasPrefix(oldest, "0-") || strings.HasPrefix(oldest, "1-")

		c.hold(listener, "protocol", text(listener, "protocol") == "TLS", "the certificate is not used; expected TLS")
		c.hold(listener, "sslPolicy", ok && !old, "expected a policy with TLS 1.3 and 1.2 only")
	}
}

// ownedBalancer is L3. A load balancer that a controller creates for a Service outlives the cluster.
func ownedBalancer(c *check) {
	const problem = "a controller creates a load balancer for the Service, which no destroy deletes"

	for _, balancer := range c.all(typeBalancer) {
		c.hold(balancer, "securityGroups", len(list(balancer, "securityGroups")) > 0,
			"a load balancer that is created without a security group can never have one")
		c.hold(balancer, "retainOnDelete", !balancer.RetainOnDelete, "destroy keeps the load balancer; expected its deletion")
	}

	for _, release := range c.all(typeRelease) {
		asked := contains(input(release, "values"), func(name string, value any) bool {
			return name == "type" && value == "LoadBalancer"
		})
		c.hold(release, "values", !asked, problem)

		if path.Base(text(release, "chart")) == "traefik" { // the chart's default is a load balancer
			c.hold(release, "values.service.spec.type", text(release, "values.service.spec.type") != "", problem)
		}
	}

	for _, service := range c.all(typeService) {
		c.hold(service, "spec.type", text(service, "spec.type") != "LoadBalancer", problem)
	}
}

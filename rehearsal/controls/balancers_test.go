package controls_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	balancer     = "aws:lb/loadBalancer:LoadBalancer"
	balancerName = "ingress-balancer"
	listener     = "aws:lb/listener:Listener"
)

func TestL1TheLoadBalancerIsInSeveralZones(t *testing.T) {
	t.Parallel()
	passes(t, "L1")
	fails(t, "L1", balancerName, set(balancer, balancerName, "loadBalancerType", "application"))
	fails(t, "L1", balancerName, set(balancer, balancerName, "subnets", []any{"Subnet-network-public-a"}))
	fails(t, "L1", balancerName, set(balancer, balancerName, "enableCrossZoneLoadBalancing", nil))
}

func TestL2TLSUsesACurrentPolicy(t *testing.T) {
	t.Parallel()

	const name = "ingress-websecure"

	with := func(protocol, policy string) mutation {
		return all(
			set(listener, name, "certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/1"),
			set(listener, name, "protocol", protocol),
			set(listener, name, "sslPolicy", policy))
	}

	assert.Equal(t, controls.NotApplicable, finding(t, golden(t, "staging"), "L2").Result, "staging has no certificate")

	passesWith(t, "L2", "a current policy", with("TLS", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"))

	fails(t, "L2", name, with("TCP", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"))

	for _, old := range []string{
		"", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-1-2021-06", "ELBSecurityPolicy-TLS13-1-0-2021-06",
	} {
		fails(t, "L2", name, with("TLS", old))
	}
}

func TestL3NoLoadBalancerOutlivesTheEnvironment(t *testing.T) {
	t.Parallel()

	const release = "ingress-traefik"

	passes(t, "L3")
	fails(t, "L3", balancerName, set(balancer, balancerName, "securityGroups", nil))
	fails(t, "L3", release, set("kubernetes:helm.sh/v3:Release", release, "values",
		object{"service": object{"spec": object{"type": "LoadBalancer"}}}))
	fails(t, "L3", release, set("kubernetes:helm.sh/v3:Release", release, "values", object{}))
	fails(t, "L3", release, set("kubernetes:helm.sh/v3:Release", release, "values", nil))
	fails(t, "L3", "gitops-argocd", set("kubernetes:helm.sh/v3:Release", "gitops-argocd", "values",
		object{"server": object{"service": object{"type": "LoadBalancer"}}}))
	fails(t, "L3", balancerName, func(environment *controls.Environment) {
		for i, r := range environment.State.Resources {
			environment.State.Resources[i].RetainOnDelete = string(r.Type) == balancer
		}
	})
	fails(t, "L3", "frontend", add("kubernetes:core/v1:Service", "frontend",
		object{"spec": object{"type": "LoadBalancer"}}))
}

func TestN5AllowsOnlyTheLoadBalancersPorts(t *testing.T) {
	t.Parallel()

	const rule = "ingress-from-internet-web"

	fails(t, "N5", rule, set(ingressRule, rule, "toPort", 443.0))
	fails(t, "N5", rule, all(set(ingressRule, rule, "fromPort", 22.0), set(ingressRule, rule, "toPort", 22.0)))
	fails(t, "N5", rule, set(ingressRule, rule, "ipProtocol", "-1"))
	fails(t, "N5", rule, set(ingressRule, rule, "securityGroupId", "SecurityGroup-database-access"))
	fails(t, "N5", rule, set(balancer, balancerName, "securityGroups", nil))
	fails(t, "N5", rule, set(cluster, clusterName, "vpcConfig",
		object{"securityGroupIds": []any{"SecurityGroup-ingress-access"}}))
	fails(t, "N5", rule, set(database, instance, "vpcSecurityGroupIds", []any{"SecurityGroup-ingress-access"}))
}

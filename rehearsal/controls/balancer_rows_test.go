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

func TestL1(t *testing.T) {
	t.Parallel()
	holds(t, "L1")
	breaks(t, "L1", balancerName, set(balancer, balancerName, "loadBalancerType", "application"))
	breaks(t, "L1", balancerName, set(balancer, balancerName, "subnets", []any{"Subnet-network-public-a"}))
	breaks(t, "L1", balancerName, set(balancer, balancerName, "enableCrossZoneLoadBalancing", nil))
}

func TestL2(t *testing.T) {
	t.Parallel()

	const name = "ingress-websecure"

	with := func(protocol, policy string) func(*controls.Environment) {
		return func(environment *controls.Environment) {
			set(listener, name, "certificateArn", "arn:aws:acm:us-east-1:123456789012:certificate/1")(environment)
			set(listener, name, "protocol", protocol)(environment)
			set(listener, name, "sslPolicy", policy)(environment)
		}
	}

	assert.Equal(t, controls.NotApplicable, finding(t, golden(t, "staging"), "L2").Result, "there is no certificate")

	environment := golden(t, "staging")
	with("TLS", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06")(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "L2").Result)

	breaks(t, "L2", name, with("TCP", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"))

	for _, old := range []string{
		"", "ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-1-2021-06", "ELBSecurityPolicy-TLS13-1-0-2021-06",
	} {
		breaks(t, "L2", name, with("TLS", old))
	}
}

func TestL3(t *testing.T) {
	t.Parallel()

	const release = "ingress-traefik"

	holds(t, "L3")
	breaks(t, "L3", balancerName, set(balancer, balancerName, "securityGroups", nil))
	breaks(t, "L3", release, set("kubernetes:helm.sh/v3:Release", release, "values",
		object{"service": object{"spec": object{"type": "LoadBalancer"}}}))
	breaks(t, "L3", release, set("kubernetes:helm.sh/v3:Release", release, "values", object{}))
	breaks(t, "L3", release, set("kubernetes:helm.sh/v3:Release", release, "values", nil))
	breaks(t, "L3", "gitops-argocd", set("kubernetes:helm.sh/v3:Release", "gitops-argocd", "values",
		object{"server": object{"service": object{"type": "LoadBalancer"}}}))
	breaks(t, "L3", balancerName, func(environment *controls.Environment) {
		for i, r := range environment.State.Resources {
			environment.State.Resources[i].RetainOnDelete = string(r.Type) == balancer
		}
	})
	breaks(t, "L3", "edge", add("kubernetes:core/v1:Service", "edge", object{"spec": object{"type": "LoadBalancer"}}))
}

// The load balancer is the one way in, at the two ports.
func TestN5ExceptsNothingButTheLoadBalancersPorts(t *testing.T) {
	t.Parallel()

	const rule = "ingress-from-internet-web"

	breaks(t, "N5", rule, set(ingressRule, rule, "toPort", 443.0))
	breaks(t, "N5", rule, func(environment *controls.Environment) {
		set(ingressRule, rule, "fromPort", 22.0)(environment)
		set(ingressRule, rule, "toPort", 22.0)(environment)
	})
	breaks(t, "N5", rule, set(ingressRule, rule, "ipProtocol", "-1"))
	breaks(t, "N5", rule, set(ingressRule, rule, "securityGroupId", "SecurityGroup-database-access"))
	breaks(t, "N5", rule, set(balancer, balancerName, "securityGroups", nil))
	breaks(t, "N5", rule, set(cluster, clusterName, "vpcConfig",
		object{"securityGroupIds": []any{"SecurityGroup-ingress-access"}}))
	breaks(t, "N5", rule, set(database, instance, "vpcSecurityGroupIds", []any{"SecurityGroup-ingress-access"}))
}

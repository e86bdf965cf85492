package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeListener = "aws:lb/listener:Listener"

// listener is a port of a network load balancer, and goes with it.
func listener() behaviour.Kind {
	return behaviour.Kind{
		Type: typeListener, Title: "ELBv2 Listener", Service: balancing,
		Verbs: behaviour.Verbs{Create: "CreateListener", Update: "ModifyListener", Delete: "DeleteListener"},
		ID: func(c *behaviour.Call) (string, error) {
			balancer := strings.Replace(c.Text("loadBalancerArn"), ":loadbalancer/", ":listener/", 1)

			return balancer + "/" + c.Digits(balancerDigits), nil
		},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "{id}"), tagsAll(),
			{Name: "sslPolicy", Make: securityPolicy},
			{Name: "tcpIdleTimeoutSeconds", Volatile: true, Make: idleTimeout},
		},
		ForceNew: []string{"loadBalancerArn"},
		Sets:     []string{"defaultActions.forward.targetGroups"},
		References: []behaviour.Reference{
			{Property: "loadBalancerArn", Types: []string{typeLoadBalancer}, OnDelete: behaviour.Cascade},
			{Property: targetOfAction, Types: []string{typeTargetGroup}},
			{Property: targetOfForward, Types: []string{typeTargetGroup}},
		},
		Checks: []func(*behaviour.Call) error{
			checkListener, checkListenerPort, checkCertificate, checkSecurityPolicy, checkActions, checkTargets,
		},
		Missing: missing("ListenerNotFound", "Listener '%s' not found"),
	}
}

const (
	targetOfAction  = "defaultActions.targetGroupArn"
	targetOfForward = "defaultActions.forward.targetGroups.arn"
)

// securityPolicy is the service's own choice, of TLS alone. Where the program gives none later, the provider gives
// what the listener had again, whatever the protocol is by then.
func securityPolicy(c *behaviour.Call) any {
	if c.Text("protocol") == protocolTLS {
		return "ELBSecurityPolicy-2016-08"
	}

	return nil
}

func idleTimeout(c *behaviour.Call) any {
	if c.Text("protocol") == protocolTCP {
		return 350
	}

	return nil
}

// targetProtocols are those of target groups, for those of listeners.
// Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
func targetProtocols() map[string][]string {
	return map[string][]string{
		protocolTCP:    {protocolTCP, protocolTCPUDP},
		protocolTLS:    {protocolTCP, protocolTLS},
		protocolUDP:    {protocolUDP, protocolTCPUDP},
		protocolTCPUDP: {protocolTCPUDP},
	}
}

func checkListener(c *behaviour.Call) error {
	protocol := c.Text("protocol")
	if protocol == "" || !isGiven(c, "port") {
		return refuse("ValidationError", "A protocol and a port must be specified")
	}

	if _, known := targetProtocols()[protocol]; !known {
		return refuse("ValidationError", "Listener protocol '%s' must be one of 'UDP, TCP, TCP_UDP, TLS'", protocol)
	}

	if port := c.Number("port"); port < 1 || port > 65535 {
		return fail("expected port to be a valid port number, got: %d", port)
	}

	if idle := c.Number("tcpIdleTimeoutSeconds"); idle != 0 && (idle < 60 || idle > 6000) {
		return fail("expected tcp_idle_timeout_seconds to be in the range (60 - 6000), got %d", idle)
	}

	return nil
}

func checkListenerPort(c *behaviour.Call) error {
	for _, other := range c.Siblings(typeListener) {
		if other.Text("loadBalancerArn") == c.Text("loadBalancerArn") &&
			other.Outputs["port"] == c.Resource.Outputs["port"] {
			return refuse("DuplicateListener", "A listener already exists on this port for this load balancer '%s'",
				c.Text("loadBalancerArn"))
		}
	}

	return nil
}

func targetsOf(listener account.Resource) []string {
	return append(listener.Texts(targetOfAction), listener.Texts(targetOfForward)...)
}

// checkActions wants what a network load balancer can do: to hand on.
func checkActions(c *behaviour.Call) error {
	for _, action := range c.Texts("defaultActions.type") {
		if action != "forward" {
			return refuse("InvalidLoadBalancerAction", "Action type '%s' is not supported by network load balancers", action)
		}
	}

	if len(targetsOf(c.Resource)) == 0 {
		return refuse("ValidationError", "A target group ARN must be specified")
	}

	return nil
}

// checkTargets wants target groups of the load balancer's VPC, which speak what the
// listener does and which no other load balancer has.
func checkTargets(c *behaviour.Call) error {
	balancer, _ := c.Get(typeLoadBalancer, c.Text("loadBalancerArn"))

	for _, arn := range targetsOf(c.Resource) {
		group, _ := c.Get(typeTargetGroup, arn)

		switch {
		case !slices.Contains(targetProtocols()[c.Text("protocol")], group.Text("protocol")):
			return refuse("IncompatibleProtocols", "The protocol '%s' of target group '%s' is not compatible with the "+
				"protocol '%s' of the listener", group.Text("protocol"), arn, c.Text("protocol"))
		case group.Text("vpcId") != balancer.Text("vpcId"):
			return refuse("InvalidConfigurationRequest", "The target group '%s' and the load balancer '%s' are not in the "+
				"same VPC", arn, balancer.ID)
		case balancedElsewhere(c, arn):
			return refuse("TargetGroupAssociationLimit", "The following target groups cannot be associated with more than "+
				"one load balancer: %s", arn)
		}
	}

	return nil
}

// balancedElsewhere says that a listener of another load balancer has a target group.
func balancedElsewhere(c *behaviour.Call, arn string) bool {
	return slices.ContainsFunc(c.Siblings(typeListener), func(other account.Resource) bool {
		return other.Text("loadBalancerArn") != c.Text("loadBalancerArn") && slices.Contains(targetsOf(other), arn)
	})
}

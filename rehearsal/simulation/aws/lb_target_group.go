package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeTargetGroup = "aws:lb/targetGroup:TargetGroup"

const (
	protocolTCP    = "TCP"
	protocolTLS    = "TLS"
	protocolUDP    = "UDP"
	protocolTCPUDP = "TCP_UDP"
)

// targetGroup has no targets here. It has nothing in its VPC that would keep it.
func targetGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeTargetGroup, Title: "ELBv2 Target Group", Service: balancing,
		Verbs:    behaviour.Verbs{Create: "CreateTargetGroup", Update: "ModifyTargetGroup", Delete: "DeleteTargetGroup"},
		ID:       balancingID("targetgroup/"),
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: longestBalancingName},
		Defaults: map[string]any{
			"deregistrationDelay": 300, "lambdaMultiValueHeadersEnabled": false, "proxyProtocolV2": false, "slowStart": 0,
			"targetType": targetInstance,
		},
		Computed: targetGroupOutputs(),
		ForceNew: []string{
			"ipAddressType", "name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId",
		},
		References: []behaviour.Reference{{
			Property: "vpcId", Types: []string{typeVPC}, OnDelete: behaviour.Ignore,
			Missing: missing("ValidationError", "The VPC ID '%s' is not found"),
		}},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken: taken("DuplicateTargetGroupName", "A target group with the same name '%s' exists, but with different "+
				"settings", "name"),
		}},
		Checks:  []func(*behaviour.Call) error{checkTargetGroup, checkTargetSettings, checkHealthCheck},
		Missing: missing("TargetGroupNotFound", "Target groups '%s' not found"),
		InUse: func(group, _ account.Resource) error {
			return refuse("ResourceInUse", "Target group '%s' is currently in use by a listener or a rule", group.ID)
		},
	}
}

const (
	targetInstance = "instance"
	targetIP       = "ip"
)

func targetGroupOutputs() []behaviour.Output {
	return []behaviour.Output{
		behaviour.Format("arn", "{id}"), tagsAll(),
		{Name: "arnSuffix", Make: func(c *behaviour.Call) any {
			return "targetgroup/" + afterPart(c.Resource.ID, ":targetgroup/")
		}},
		{Name: "name", Make: func(c *behaviour.Call) any { return balancingName(c.Resource.ID) }},
		behaviour.Constant("namePrefix", ""),
		behaviour.Constant("connectionTermination", false), behaviour.Constant("ipAddressType", "ipv4"),
		behaviour.Constant("loadBalancerArns", []any{}),
		behaviour.Constant("loadBalancingCrossZoneEnabled", "use_load_balancer_configuration"),
		{Name: "preserveClientIp", Make: preservesAddress},
		behaviour.Constant("healthCheck.enabled", true), behaviour.Constant("healthCheck.interval", 30),
		behaviour.Constant("healthCheck.port", "traffic-port"),
		{Name: "healthCheck.protocol", Volatile: true, Make: healthProtocol},
		{Name: "healthCheck.timeout", Volatile: true, Make: healthTimeout},
		{Name: "healthCheck.healthyThreshold", Volatile: true, Make: func(c *behaviour.Call) any {
			return threshold(c, 5)
		}},
		{Name: "healthCheck.unhealthyThreshold", Volatile: true, Make: func(c *behaviour.Call) any {
			return threshold(c, 2)
		}},
	}
}

// preservesAddress says that targets see whose connection it is, which those by address do
// not where the load balancer ends it.
func preservesAddress(c *behaviour.Call) any {
	if c.Text("targetType") == targetIP && slices.Contains([]string{protocolTCP, protocolTLS}, c.Text("protocol")) {
		return "false"
	}

	return "true"
}

// healthProtocol is the provider's where the program says anything of health checks, and
// else the service's. Other defaults of theirs differ too.
func healthProtocol(c *behaviour.Call) any {
	if isGiven(c, "healthCheck") {
		return "HTTP"
	}

	return protocolTCP
}

func healthTimeout(c *behaviour.Call) any {
	if c.Text("healthCheck.protocol") == "HTTP" {
		return 6
	}

	return 10
}

func threshold(c *behaviour.Call, ofService int) any {
	if isGiven(c, "healthCheck") {
		return 3
	}

	return ofService
}

// checkTargetGroup refuses what is not simulated, and wants all that a group of hosts needs.
func checkTargetGroup(c *behaviour.Call) error {
	if kind := c.Text("targetType"); kind != targetInstance && kind != targetIP {
		return fail("ELBv2 Target Groups of type %s are not simulated; known: instance, ip", kind)
	}

	protocols := []string{protocolTCP, protocolTLS, protocolUDP, protocolTCPUDP, "HTTP", "HTTPS"}

	switch port := c.Number("port"); {
	case !isGiven(c, "port"):
		return fail("port should be set when target type is %s", c.Text("targetType"))
	case port < 1 || port > 65535:
		return fail("expected port to be in the range (1 - 65535), got %d", port)
	case !slices.Contains(protocols, c.Text("protocol")):
		return refuse("ValidationError", "Protocol '%s' must be one of '%s'", c.Text("protocol"),
			strings.Join(protocols, ", "))
	case c.Text("vpcId") == "":
		return fail("vpc_id should be set when target type is %s", c.Text("targetType"))
	}

	return checkBalancingName(c, "target group")
}

// checkTargetSettings wants what the provider wants.
func checkTargetSettings(c *behaviour.Call) error {
	if delay := c.Number("deregistrationDelay"); delay < 0 || delay > 3600 {
		return fail("expected deregistration_delay to be between 0 and 3600, got %d", delay)
	}

	if preserve := c.Text("preserveClientIp"); !slices.Contains([]string{"", "true", "false"}, preserve) {
		return fail("preserve_client_ip: cannot parse %q as boolean", preserve)
	}

	return nil
}

// checkHealthCheck wants numbers in their ranges, and checks that do not overtake each other.
func checkHealthCheck(c *behaviour.Call) error {
	for name, limits := range map[string][2]int{
		"healthyThreshold": {2, 10}, "unhealthyThreshold": {2, 10}, "interval": {5, 300}, "timeout": {2, 120},
	} {
		number := c.Number("healthCheck." + name)
		if number != 0 && (number < limits[0] || number > limits[1]) {
			return fail("expected health_check.0.%s to be in the range (%d - %d), got %d", name, limits[0], limits[1], number)
		}
	}

	if protocol := c.Text("healthCheck.protocol"); !slices.Contains([]string{"", protocolTCP, "HTTP", "HTTPS"}, protocol) {
		return fail(`expected health_check.0.protocol to be one of ["HTTP" "HTTPS" "TCP"], got %s`, protocol)
	}

	interval, timeout := c.Number("healthCheck.interval"), c.Number("healthCheck.timeout")
	if interval != 0 && timeout > interval {
		return refuse("ValidationError", "Health check interval must be greater than or equal to the timeout: %d and %d",
			interval, timeout)
	}

	return nil
}

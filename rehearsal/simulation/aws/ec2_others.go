package aws

import (
	"strings"
)

const (
	typeVPCEndpoint       = "aws:ec2/vpcEndpoint:VpcEndpoint"
	typeFlowLog           = "aws:ec2/flowLog:FlowLog"
	typeLaunchTemplate    = "aws:ec2/launchTemplate:LaunchTemplate"
	typeInstance          = "aws:ec2/instance:Instance"
	typeScalingAttachment = "aws:autoscaling/attachment:Attachment"
)

func ec2Rules() map[string]rules {
	return map[string]rules{
		typeVPCEndpoint: {
			outputs: makers{
				"securityGroupIds": endpointGroups, "networkInterfaceIds": endpointInterfaces,
				"prefixListId": endpointPrefixList, "cidrBlocks": endpointBlocks, "dnsEntries": endpointNames,
			},
			checks: []check{checkService},
		},
		typeFlowLog:        {outputs: makers{"logGroupName": destinationName}},
		typeLaunchTemplate: {outputs: makers{"latestVersion": nextVersion, "defaultVersion": defaultVersion}},
		typeInstance: {outputs: makers{
			"availabilityZone": func(c *call) any { return get(c, typeSubnet, "subnetId").Text("availabilityZone") },
			"privateIp":        func(c *call) any { return freeAddress(c, get(c, typeSubnet, "subnetId")) },
		}},
	}
}

func isInterface(c *call) bool {
	return c.Text("vpcEndpointType") == interfaceOffer
}

// checkService requires a service of this region, and for a gateway S3 or DynamoDB.
func checkService(c *call) error {
	name := c.Text("serviceName")
	service, ours := strings.CutPrefix(name, "com.amazonaws."+c.Place.Region+".")

	if !ours || !isInterface(c) && service != "s3" && service != "dynamodb" {
		return refuse("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", name)
	}

	return nil
}

func endpointGroups(c *call) any {
	if !isInterface(c) {
		return []any{}
	}

	return defaultGroups(c, c.Text("vpcId"))
}

func endpointInterfaces(c *call) any {
	interfaces := []any{}
	for range c.Texts("subnetIds") {
		interfaces = append(interfaces, c.Fill("eni-{hex 17}"))
	}

	return interfaces
}

func endpointPrefixList(c *call) any {
	if isInterface(c) {
		return nil
	}

	return c.Fill("pl-{hex 8}")
}

func endpointBlocks(c *call) any {
	if isInterface(c) {
		return []any{}
	}

	return []any{"192.0.2.0/24"} // for documentation (RFC 5737)
}

func endpointNames(c *call) any {
	if !isInterface(c) {
		return []any{}
	}

	service := c.Text("serviceName")[strings.LastIndex(c.Text("serviceName"), ".")+1:]

	return []any{map[string]any{
		"dnsName": c.Fill("{id}-{hex 8}." + service + ".{region}.vpce.amazonaws.com"), "hostedZoneId": c.Fill("Z{HEX 13}"),
	}}
}

// destinationName is the name in a log group's ARN.
func destinationName(c *call) any {
	_, name, _ := strings.Cut(c.Text("logDestination"), ":log-group:")

	return name
}

// nextVersion counts the updates: each creates a version.
func nextVersion(c *call) any {
	old, _ := before(c)
	last, _ := old.Outputs["latestVersion"].(float64)

	return last + 1
}

// defaultVersion stays at the first version, unless the program updates it.
func defaultVersion(c *call) any {
	if c.True("updateDefaultVersion") {
		return c.Resource.Outputs["latestVersion"]
	}

	old, exists := before(c)
	if !exists {
		return 1.0
	}

	return old.Outputs["defaultVersion"]
}

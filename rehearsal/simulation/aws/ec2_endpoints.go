package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeVPCEndpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"

func endpointKinds() []behaviour.Kind {
	return []behaviour.Kind{vpcEndpoint()}
}

// vpcEndpoint is of type Gateway, which adds itself to route tables, or Interface,
// which has an address in each of its subnets and carries security groups.
func vpcEndpoint() behaviour.Kind {
	return behaviour.Kind{
		Type: typeVPCEndpoint, Title: "EC2 VPC Endpoint", Service: "EC2",
		Verbs:    behaviour.Verbs{Create: "CreateVpcEndpoint", Update: "ModifyVpcEndpoint", Delete: "DeleteVpcEndpoints"},
		ID:       behaviour.Hex("vpce-"),
		Defaults: map[string]any{"vpcEndpointType": "Gateway"},
		Computed: []behaviour.Output{
			ec2ARN("vpc-endpoint"), owner(), tagsAll(),
			behaviour.Constant("ipAddressType", "ipv4"),
			behaviour.Constant("policy",
				`{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}],"Version":"2008-10-17"}`),
			behaviour.Constant("privateDnsEnabled", false),
			behaviour.Constant("requesterManaged", false),
			behaviour.Constant("state", "available"),
			behaviour.Constant("routeTableIds", []any{}),
			behaviour.Constant("subnetIds", []any{}),
			{Name: "securityGroupIds", Make: endpointGroups},
			{Name: "networkInterfaceIds", Make: endpointInterfaces, Volatile: true},
			{Name: "prefixListId", Make: endpointPrefixList},
			{Name: "cidrBlocks", Make: endpointBlocks},
			{Name: "dnsEntries", Make: endpointNames},
		},
		ForceNew: []string{
			"resourceConfigurationArn", "serviceName", "serviceNetworkArn", "serviceRegion", "vpcEndpointType", "vpcId",
		},
		Sets: []string{"routeTableIds", "securityGroupIds", "subnetIds"},
		References: []behaviour.Reference{
			inVPC(),
			{Property: "routeTableIds", Types: []string{typeRouteTable}, OnDelete: behaviour.Ignore},
			{Property: "subnetIds", Types: []string{typeSubnet}},
			{Property: "securityGroupIds", Types: groupTypes()},
		},
		Checks:  []func(*behaviour.Call) error{checkService, checkPrivateNames},
		Missing: missing("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '%s' does not exist"),
		InUse:   inUse("DependencyViolation", "The vpcEndpoint '%s' has dependencies and cannot be deleted."),
	}
}

func isInterface(c *behaviour.Call) bool {
	return c.Text("vpcEndpointType") == "Interface"
}

// checkService wants a service of this region, and Gateway for S3 and DynamoDB only.
func checkService(c *behaviour.Call) error {
	name := c.Text("serviceName")
	service, ours := strings.CutPrefix(name, "com.amazonaws."+c.Place.Region+".")
	foreign := strings.HasPrefix(name, "com.amazonaws.") && !ours && !strings.HasPrefix(name, "com.amazonaws.vpce.")

	gateway := service == "s3" || service == "dynamodb"
	if foreign || name == "" || c.Text("vpcEndpointType") == "Gateway" && !gateway {
		return refuse("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", name)
	}

	return nil
}

// checkPrivateNames wants both DNS settings of the VPC for private names.
func checkPrivateNames(c *behaviour.Call) error {
	network, _ := c.Get(typeVPC, c.Text("vpcId"))

	both := network.Outputs["enableDnsSupport"] == true && network.Outputs["enableDnsHostnames"] == true
	if c.True("privateDnsEnabled") && !both {
		return refuse("InvalidParameter",
			"Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for %s",
			network.ID)
	}

	return nil
}

// endpointGroups are the VPC's default group when an interface names none.
func endpointGroups(c *behaviour.Call) any {
	if !isInterface(c) {
		return []any{}
	}

	return defaultGroups(c, c.Text("vpcId"))
}

func endpointInterfaces(c *behaviour.Call) any {
	interfaces := []any{}
	for range c.Texts("subnetIds") {
		interfaces = append(interfaces, "eni-"+c.Digits(17))
	}

	return interfaces
}

func endpointPrefixList(c *behaviour.Call) any {
	if isInterface(c) {
		return nil
	}

	return "pl-" + c.Digits(8)
}

func endpointBlocks(c *behaviour.Call) any {
	if isInterface(c) {
		return []any{}
	}

	return []any{"192.0.2.0/24"} // for documentation (RFC 5737): nobody's
}

func endpointNames(c *behaviour.Call) any {
	entries := []any{}

	if isInterface(c) {
		service := c.Text("serviceName")[strings.LastIndex(c.Text("serviceName"), ".")+1:]
		name := c.Resource.ID + "-" + c.Digits(8) + "." + service + "." + c.Place.Region + ".vpce.amazonaws.com"
		entries = append(entries, map[string]any{"dnsName": name, "hostedZoneId": "Z" + strings.ToUpper(c.Digits(13))})
	}

	return entries
}

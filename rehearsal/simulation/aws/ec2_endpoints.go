package aws

import (
	"strings"
)

func isInterface(c *call) bool {
	return c.Text("vpcEndpointType") == interfaceEndpoint
}

// checkService requires a service of this region, and for a gateway S3 or DynamoDB.
func checkService(c *call) error {
	name := c.Text("serviceName")
	_, service, _ := strings.Cut(name, "."+c.Place.Region+".")
	ours := name == endpointName(c.Place.Region, service, c.Text("vpcEndpointType"))

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

// hasPrefixList reports whether the endpoint's service has a prefix list, which also interface endpoints show.
func hasPrefixList(c *call) bool {
	_, service, _ := strings.Cut(c.Text("serviceName"), "."+c.Place.Region+".")

	return service == "s3" || service == "dynamodb"
}

// prefixList is the id of a service's list in the region.
func prefixList(c *call) any {
	if !hasPrefixList(c) {
		return nil
	}

	return "pl-" + digest(c.Text("serviceName"), 8)
}

// serviceRanges is a range for documentation (RFC 5737) in place of the service's.
func serviceRanges(c *call) any {
	if !hasPrefixList(c) {
		return nil
	}

	return []any{"198.51.100.0/24"}
}

// endpointInterfaces are one in each subnet of an interface endpoint.
func endpointInterfaces(c *call) any {
	interfaces := []any{}

	if isInterface(c) {
		for _, subnet := range c.Texts("subnetIds") {
			interfaces = append(interfaces, "eni-"+digest(c.Resource.ID+subnet, 17))
		}
	}

	return interfaces
}

// endpointNames are the endpoint's own name, and the service's where it leads to the endpoint. Names of single zones
// are not simulated.
// Source: https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
func endpointNames(c *call) any {
	names := []any{}
	if !isInterface(c) {
		return names
	}

	_, service, _ := strings.Cut(c.Text("serviceName"), "."+c.Place.Region+".")
	private := strings.TrimPrefix(c.Fill(privateNames()[service]), "*.")
	host, _, _ := strings.Cut(private, "."+c.Place.Region)

	names = append(names, map[string]any{
		"dnsName":      c.Fill(c.Resource.ID + "-" + digest(c.Resource.ID, 8) + "." + host + ".{region}.vpce.{domain}"),
		"hostedZoneId": hostedZone("vpce " + c.Place.Region),
	})

	if c.True("privateDnsEnabled") {
		names = append(names, map[string]any{"dnsName": private, "hostedZoneId": hostedZone(c.Resource.ID)})
	}

	return names
}

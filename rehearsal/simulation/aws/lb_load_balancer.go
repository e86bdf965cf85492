package aws

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeLoadBalancer = "aws:lb/loadBalancer:LoadBalancer"

// balancing is the service's name in errors, and balancerDigits how many digits stand in its ARNs.
const (
	balancing      = "Elastic Load Balancing v2"
	balancerDigits = 16
)

func loadBalancingKinds() []behaviour.Kind {
	return []behaviour.Kind{listener(), loadBalancer(), targetGroup()}
}

// loadBalancer has an interface in each of its subnets, which carries its security groups:
// all of them stay as long as it does. Its listeners go with it.
func loadBalancer() behaviour.Kind {
	return behaviour.Kind{
		Type: typeLoadBalancer, Title: "ELBv2 Load Balancer", Service: balancing,
		Verbs: behaviour.Verbs{
			Create: "CreateLoadBalancer", Update: "ModifyLoadBalancerAttributes", Delete: "DeleteLoadBalancer",
		},
		ID:           balancingID("loadbalancer/net/"),
		AutoName:     &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 32},
		Defaults:     loadBalancerDefaults(),
		Computed:     loadBalancerOutputs(),
		ForceNew:     []string{"customerOwnedIpv4Pool", "internal", "loadBalancerType", "name", "namePrefix"},
		ForceNewFrom: fromNetworkBalancer,
		Sets:         []string{"securityGroups", "subnetMappings", "subnets"},
		References: []behaviour.Reference{
			balancedSubnets("subnets"), balancedSubnets("subnetMappings.subnetId"),
			{Property: "subnetMappings.allocationId", Types: []string{typeEIP}},
			{
				Property: "securityGroups", Types: groupTypes(),
				Missing: missing("InvalidSecurityGroup", "Security group '%s' does not exist"),
			},
		},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken: taken("DuplicateLoadBalancerName", "A load balancer with the same name '%s' exists, but with different "+
				"settings", "name"),
		}},
		Checks: []func(*behaviour.Call) error{
			checkBalancerType, checkBalancerName, checkBalancerSubnets, checkBalancerNetwork, checkBalancerGroups,
		},
		Guards:  []func(*behaviour.Call) error{guardBalancer},
		Missing: missing("LoadBalancerNotFound", "Load balancer '%s' not found"),
	}
}

func balancedSubnets(property string) behaviour.Reference {
	return behaviour.Reference{
		Property: property, Types: []string{typeSubnet},
		Missing: missing("SubnetNotFound", "The subnet ID '%s' is not valid"),
	}
}

func loadBalancerDefaults() map[string]any {
	return map[string]any{
		"clientKeepAlive": 3600, "desyncMitigationMode": "defensive",
		"dnsRecordClientRoutingPolicy": "any_availability_zone", "dropInvalidHeaderFields": false,
		"enableCrossZoneLoadBalancing": false, "enableDeletionProtection": false, "enableHttp2": true,
		"enableTlsVersionAndCipherSuiteHeaders": false, "enableWafFailOpen": false, "enableXffClientPort": false,
		"enableZonalShift": false, "idleTimeout": 60, "loadBalancerType": "application", "preserveHostHeader": false,
		"xffHeaderProcessingMode": "append",
	}
}

func loadBalancerOutputs() []behaviour.Output {
	return []behaviour.Output{
		behaviour.Format("arn", "{id}"), tagsAll(),
		{Name: "arnSuffix", Make: func(c *behaviour.Call) any { return afterPart(c.Resource.ID, ":loadbalancer/") }},
		{Name: "name", Make: func(c *behaviour.Call) any { return balancingName(c.Resource.ID) }},
		behaviour.Constant("namePrefix", ""),
		behaviour.Constant("internal", false), behaviour.Constant("ipAddressType", "ipv4"),
		behaviour.Constant("securityGroups", []any{}),
		behaviour.Constant("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "on"),
		{Name: "dnsName", Make: balancerHost},
		{Name: "zoneId", Make: func(c *behaviour.Call) any { return balancerZones()[c.Place.Region] }},
		{Name: "vpcId", Make: func(c *behaviour.Call) any { return balancedNetwork(c, c.Resource) }},
		{Name: "subnets", Volatile: true, Make: func(c *behaviour.Call) any { return c.Texts("subnetMappings.subnetId") }},
	}
}

// balancingID makes ids, which are ARNs, of a kind of thing that Elastic Load Balancing has.
func balancingID(kind string) func(*behaviour.Call) (string, error) {
	return func(c *behaviour.Call) (string, error) {
		arn := c.Fill("arn:{partition}:elasticloadbalancing:{region}:{account}:") + kind

		return arn + nameOf(c, "namePrefix") + "/" + c.Digits(balancerDigits), nil
	}
}

// balancingName is the name in an id: the last part but one.
func balancingName(id string) string {
	parts := strings.Split(id, "/")

	return parts[len(parts)-2]
}

func afterPart(text, part string) string {
	_, after, _ := strings.Cut(text, part)

	return after
}

func balancerHost(c *behaviour.Call) any {
	digits := c.Resource.ID[len(c.Resource.ID)-balancerDigits:]
	host := c.Text("name") + "-" + digits + ".elb." + c.Place.Region + ".amazonaws.com"

	if c.True("internal") {
		return "internal-" + host
	}

	return host
}

// balancerZones are the hosted zones of the names of network load balancers, in all
// regions that are simulated.
// Source: https://docs.aws.amazon.com/general/latest/gr/elb.html
func balancerZones() map[string]string {
	return map[string]string{
		"us-east-1":      "Z26RNL4JYFTOTI",
		"us-east-2":      "ZLMOA37VPKANP",
		"us-west-1":      "Z24FKFUX50B4VW",
		"us-west-2":      "Z18D5FSROUN65G",
		"ca-central-1":   "Z2EPGBW3API2WT",
		"eu-west-1":      "Z2IFOLAFXWLO4F",
		"eu-west-2":      "ZD4D7Y8KGAS4G",
		"eu-central-1":   "Z3F0SRJ5LGBH90",
		"eu-north-1":     "Z1UDT6IFJ4EJM",
		"ap-southeast-2": "ZCT6FZBF4DROD",
	}
}

// balancedSubnetIDs are a load balancer's subnets, in whichever way the program says them.
func balancedSubnetIDs(balancer account.Resource) []string {
	ids := append(balancer.Texts("subnets"), balancer.Texts("subnetMappings.subnetId")...)
	slices.Sort(ids)

	return slices.Compact(ids)
}

// balancedNetwork is the VPC of a load balancer's subnets.
func balancedNetwork(c *behaviour.Call, balancer account.Resource) string {
	for _, id := range balancedSubnetIDs(balancer) {
		subnet, _ := c.Get(typeSubnet, id)

		return subnet.Text("vpcId")
	}

	return ""
}

// fromNetworkBalancer says what a network load balancer is made anew for: subnets that it
// loses, and its first security group or its last.
func fromNetworkBalancer(old, inputs resource.PropertyMap) []string {
	var forced []string

	before, after := old["securityGroups"], inputs["securityGroups"]
	if !after.ContainsUnknowns() && (count(before) == 0) != (count(after) == 0) {
		forced = append(forced, "securityGroups")
	}

	for _, property := range []resource.PropertyKey{"subnetMappings", "subnets"} {
		if after := inputs[property]; !after.ContainsUnknowns() && count(after) <= count(old[property]) {
			forced = append(forced, string(property))
		}
	}

	return forced
}

func count(list resource.PropertyValue) int {
	if !list.IsArray() {
		return 0
	}

	return len(list.ArrayValue())
}

package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// checkBalancerType refuses what is not simulated, rather than make something else.
func checkBalancerType(c *behaviour.Call) error {
	if kind := c.Text("loadBalancerType"); kind != "network" {
		return fail("ELBv2 Load Balancers of type %s are not simulated; known: network", kind)
	}

	return nil
}

const (
	longestBalancingName   = 32
	longestBalancingPrefix = 6 // 26 digits come behind it
)

// checkBalancingName is that of load balancers and of target groups.
func checkBalancingName(c *behaviour.Call, what string) error {
	name, prefix := c.Text("name"), c.Text("namePrefix")
	if len(prefix) > longestBalancingPrefix {
		return fail(`"name_prefix" cannot be longer than %d characters: %q`, longestBalancingPrefix, prefix)
	}

	if name == "" {
		name = prefix + "0" // the digits to come
	}

	switch {
	case len(name) > longestBalancingName:
		return refuse("ValidationError", "The %s name '%s' cannot be longer than '%d' characters", what, name,
			longestBalancingName)
	case !regexp.MustCompile(`^[0-9A-Za-z-]+$`).MatchString(name):
		return refuse("ValidationError",
			"The %s name '%s' can only contain characters that are alphanumeric characters and hyphens(-)", what, name)
	case strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-"):
		return refuse("ValidationError", "The %s name '%s' cannot begin or end with a hyphen(-)", what, name)
	}

	return nil
}

func checkBalancerName(c *behaviour.Call) error {
	if strings.HasPrefix(c.Text("name")+c.Text("namePrefix"), "internal-") {
		return refuse("ValidationError", "The load balancer name '%s' cannot begin with 'internal-'", c.Text("name"))
	}

	return checkBalancingName(c, "load balancer")
}

// checkBalancerSubnets wants at least one subnet, one for each zone, and later the same ones.
func checkBalancerSubnets(c *behaviour.Call) error {
	if isGiven(c, "subnets") == isGiven(c, "subnetMappings") {
		return fail("one of `subnet_mapping,subnets` must be specified")
	}

	ids := balancedSubnetIDs(c.Resource)

	switch {
	case len(ids) == 0:
		return refuse("ValidationError", "At least one subnet must be specified")
	case len(subnetZones(c, ids)) < len(ids):
		return refuse("InvalidConfigurationRequest",
			"A load balancer cannot be attached to multiple subnets in the same Availability Zone")
	}

	before, _ := c.Tx.Get(c.Resource.Key)
	for _, id := range balancedSubnetIDs(before) {
		if !slices.Contains(ids, id) {
			return refuse("InvalidConfigurationRequest", "Subnet removal is not supported for Network Load Balancers. You "+
				"must specify all existing subnets along with any new ones: %s", id)
		}
	}

	return nil
}

// checkBalancerNetwork wants one VPC, and for a load balancer that faces the internet one
// with a gateway to it: a missing DependsOn shows here.
func checkBalancerNetwork(c *behaviour.Call) error {
	network := balancedNetwork(c, c.Resource)

	for _, id := range balancedSubnetIDs(c.Resource) {
		if subnet, _ := c.Get(typeSubnet, id); subnet.Text("vpcId") != network {
			return refuse("InvalidSubnet", "All subnets must belong to the same VPC: '%s'", network)
		}
	}

	for _, id := range c.Texts("securityGroups") {
		if group, _ := c.Target(behaviour.Reference{Types: groupTypes()}, id); group.Text("vpcId") != network {
			return refuse("InvalidConfigurationRequest", "One or more security groups are invalid: '%s'", id)
		}
	}

	attached := func(gateway account.Resource) bool { return gateway.Text("vpcId") == network }
	if !c.True("internal") && !slices.ContainsFunc(c.Siblings(typeInternetGateway), attached) {
		return refuse("InvalidSubnet", "VPC %s has no internet gateway", network)
	}

	return nil
}

// checkBalancerGroups wants security groups from the start, or never.
func checkBalancerGroups(c *behaviour.Call) error {
	before, exists := c.Tx.Get(c.Resource.Key)
	had, has := len(before.Texts("securityGroups")) > 0, len(c.Texts("securityGroups")) > 0

	switch {
	case exists && has && !had:
		return refuse("InvalidConfigurationRequest",
			"You can't set security groups on a Network Load Balancer that was created without any")
	case exists && had && !has:
		return refuse("InvalidConfigurationRequest", "You must specify at least one security group")
	}

	return nil
}

func guardBalancer(c *behaviour.Call) error {
	if c.True("enableDeletionProtection") {
		return refuse("OperationNotPermitted", "Load balancer '%s' cannot be deleted because deletion protection is enabled",
			c.Resource.ID)
	}

	return nil
}

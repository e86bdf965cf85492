package aws

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// checkClusterRole wants the policy that EKS works with. A role without it is
// refused, or later fails to take the cluster down: a missing DependsOn shows here.
func checkClusterRole(c *behaviour.Call) error {
	role := roleOf(c, c.Text("roleArn"))
	if !trusts(role, "eks.amazonaws.com", "sts:AssumeRole") {
		return unassumable(c.Text("roleArn"))
	}

	if !hasPolicy(c, role, "AmazonEKSClusterPolicy") {
		return refuse("InvalidParameterException",
			"The provided role doesn't have the Amazon EKS Managed Policies associated with it. "+
				"Please ensure the following policy is attached: %sAmazonEKSClusterPolicy", awsManagedPolicyARNs)
	}

	return nil
}

// unassumable is what EKS says of a role that is not there as of one that is not its own.
func unassumable(arn string) error {
	return refuse("InvalidParameterException", "Role with arn: %s, could not be assumed because it does not exist "+
		"or the trusted entity is not correct", arn)
}

// checkClusterZones wants two zones in which EKS runs control planes, and later the same ones.
func checkClusterZones(c *behaviour.Call) error {
	zones := subnetZones(c, c.Texts("vpcConfig.subnetIds"))
	for _, found := range zones {
		if slices.Contains(withoutControlPlanes(), found.id) {
			return refuse("UnsupportedAvailabilityZoneException", "Cannot create cluster '%s' because EKS does not support "+
				"creating control plane instances in %s, the targeted availability zone. Retry cluster creation using "+
				"control plane subnets that span at least two of these availability zones: %s. Note, post cluster creation, "+
				"you can run worker nodes in separate subnets/availability zones from control plane "+
				"subnets/availability zones passed during cluster creation",
				c.Text("name"), found.name, zoneNames(controlPlaneZones(c.Place.Region)))
		}
	}

	if len(zones) < 2 {
		return refuse("InvalidParameterException", "Subnets specified must be in at least two different AZs")
	}

	before, exists := c.Tx.Get(c.Resource.Key)
	if !exists {
		return nil
	}

	if old := zoneNames(subnetZones(c, before.Texts("vpcConfig.subnetIds"))); old != zoneNames(zones) {
		return refuse("InvalidParameterException", "Provided subnets belong to the AZs '%s'. But they should belong to "+
			"the exact set of AZs '%s' in which subnets were provided during cluster creation.", zoneNames(zones), old)
	}

	return nil
}

// withoutControlPlanes are the zones that EKS leaves out.
// Source: https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
func withoutControlPlanes() []string {
	return []string{"use1-az3", "usw1-az2", "cac1-az3"}
}

func controlPlaneZones(region string) []zone {
	return slices.DeleteFunc(zonesOf(region), func(z zone) bool { return slices.Contains(withoutControlPlanes(), z.id) })
}

// subnetZones are the zones of subnets, each once, by name.
func subnetZones(c *behaviour.Call, ids []string) []zone {
	var zones []zone

	for _, id := range ids {
		subnet, _ := c.Get(typeSubnet, id)
		zones = append(zones, zone{name: subnet.Text("availabilityZone"), id: subnet.Text("availabilityZoneId")})
	}

	slices.SortFunc(zones, func(a, b zone) int { return strings.Compare(a.name, b.name) })

	return slices.Compact(zones)
}

func zoneNames(zones []zone) string {
	names := make([]string, len(zones))
	for i, known := range zones {
		names[i] = known.name
	}

	return strings.Join(names, ",")
}

// checkClusterVersion wants a minor that EKS offers, and one step at a time.
func checkClusterVersion(c *behaviour.Call) error {
	version := c.Text("version")
	place := slices.Index(minors(), version)

	before, exists := c.Tx.Get(c.Resource.Key)
	if !exists && version != "" && place < 0 {
		return refuse("InvalidParameterException", "unsupported Kubernetes version %s", version)
	}

	if !exists || before.Text("version") == version || place == slices.Index(minors(), before.Text("version"))+1 {
		return nil
	}

	return refuse("InvalidParameterException", "Unsupported Kubernetes minor version update from %s to %s",
		before.Text("version"), version)
}

// checkEndpointAccess wants a way to the API server, and public addresses for the public one.
func checkEndpointAccess(c *behaviour.Call) error {
	if !c.True("vpcConfig.endpointPrivateAccess") && !c.True("vpcConfig.endpointPublicAccess") {
		return refuse("InvalidParameterException", "Private and public endpoint access cannot be false.")
	}

	for _, text := range c.Texts("vpcConfig.publicAccessCidrs") {
		block, err := netip.ParsePrefix(text)
		if err != nil || block != block.Masked() || block.Addr().IsPrivate() {
			return refuse("InvalidParameterException", "The following CIDRs are not allowed in publicAccessCidrs: [%s]", text)
		}
	}

	return nil
}

const (
	modeAPI, modeBoth, modeConfigMap = "API", "API_AND_CONFIG_MAP", "CONFIG_MAP"
)

// checkAuthentication wants a known mode, which goes one step at a time and never back.
func checkAuthentication(c *behaviour.Call) error {
	modes := []string{"", modeConfigMap, modeBoth, modeAPI}
	mode := c.Text("accessConfig.authenticationMode")

	place := slices.Index(modes, mode)
	if place < 0 {
		return refuse("InvalidParameterException", "Unsupported authentication mode %s; known: %s", mode,
			strings.Join(modes[1:], ", "))
	}

	if before, exists := c.Tx.Get(c.Resource.Key); exists {
		old := before.Texts("accessConfig.authenticationMode")[0]
		if place != slices.Index(modes, old) && place != slices.Index(modes, old)+1 {
			return refuse("InvalidParameterException", "Unsupported authentication mode update from %s to %s", old, mode)
		}

		return nil
	}

	if place <= 1 && !bootstrapsCreator(c) {
		return refuse("InvalidParameterException", "bootstrapClusterCreatorAdminPermissions must be true if cluster "+
			"authentication mode is set to CONFIG_MAP")
	}

	return nil
}

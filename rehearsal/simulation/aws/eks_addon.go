package aws

import (
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const typeAddon = "aws:eks/addon:Addon"

func addonRules() map[string]rules {
	return map[string]rules{typeAddon: {
		outputs: makers{"addonVersion": defaultAddonVersion},
		checks: []check{
			checkSelfManaged, checkOffered, checkReplicas,
		},
	}}
}

func defaultAddonVersion(c *call) any {
	version, _ := releaseOf(c.Text("addonName"), clusterOf(c).Text("version"), false)

	return version
}

// checkOffered requires a known add-on, and of a new known version one that the cluster's minor runs.
func checkOffered(c *call) error {
	minor := clusterOf(c).Text("version")

	found, known := versions().Addons[c.Text("addonName")]
	if !known {
		return refuse("InvalidParameterException", "Addon %s specified is not supported in %s kubernetes version",
			c.Text("addonName"), minor)
	}

	old, _ := before(c)
	offered := found.of(minor)

	version := c.Text("addonVersion")
	if version != old.Text("addonVersion") && found.has(version) && !slices.Contains(offered[:], version) {
		return refuse("InvalidParameterException", "Addon version specified is not supported")
	}

	return nil
}

// checkReplicas makes an add-on that runs as a Deployment time out without nodes.
func checkReplicas(c *call) error {
	name := c.Text("addonName")
	if _, isUpdate := before(c); !versions().Addons[name].Replicas || isUpdate || hasNodes(c) {
		return nil
	}

	return fail("waiting for EKS Add-On (%s:%s) create: timeout while waiting for state to become 'ACTIVE' "+
		"(last state: 'DEGRADED', timeout: 20m0s): InsufficientNumberOfReplicas: The add-on is unhealthy because it "+
		"doesn't have the desired number of replicas.", c.Text("clusterName"), name)
}

// hasNodes reports whether a node group of the cluster has instances.
func hasNodes(c *call) bool {
	return slices.ContainsFunc(c.Siblings(typeNodeGroup), func(group account.Resource) bool {
		size, _ := property.Lookup(group.Outputs, "scalingConfig.desiredSize")

		return group.Text("clusterName") == c.Text("clusterName") && size != 0.0
	})
}

package aws

import (
	"encoding/json"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// checkOffered wants a known add-on and, when it changes, a version for the cluster's minor.
func checkOffered(c *behaviour.Call) error {
	minor := clusterOf(c).Text("version")

	found, known := findAddon(c.Text("addonName"))
	if !known {
		return refuse("InvalidParameterException", "Addon %s specified is not supported in %s kubernetes version",
			c.Text("addonName"), minor)
	}

	before, _ := c.Tx.Get(c.Resource.Key)
	if version := c.Text("addonVersion"); version != before.Text("addonVersion") && !found.has(version, minor) {
		return refuse("InvalidParameterException", "Addon version specified is not supported")
	}

	return nil
}

// checkValues wants a JSON object. Its keys, for which each add-on has a schema, are not looked at.
func checkValues(c *behaviour.Call) error {
	text := c.Text("configurationValues")
	if text == "" {
		return nil
	}

	var values map[string]any
	if err := json.Unmarshal([]byte(text), &values); err != nil || values == nil {
		return refuse("InvalidParameterException", "ConfigurationValue provided in request is not supported: "+
			"Json schema validation failed with error: [$: %s is not an object]", text)
	}

	return nil
}

// checkConflicts refuses an add-on in the place of what EKS has put into the cluster
// by itself, unless it may overwrite that.
func checkConflicts(c *behaviour.Call) error {
	selfManaged := map[string]string{
		"coredns":    "Deployment.apps coredns",
		"kube-proxy": "DaemonSet.apps kube-proxy",
		"vpc-cni":    "DaemonSet.apps aws-node",
	}
	name := c.Text("addonName")
	overwrites := c.Text("resolveConflictsOnCreate") == "OVERWRITE" || c.Text("resolveConflicts") == "OVERWRITE"

	object, contested := selfManaged[name]
	if !contested || overwrites || isUpdate(c) || clusterOf(c).Outputs["bootstrapSelfManagedAddons"] != true {
		return nil
	}

	return fail("waiting for EKS Add-On (%s:%s) create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. "+
		"last error: ConfigurationConflict: Conflicts found when trying to apply. "+
		"Will not continue due to resolve conflicts mode. Conflicts: %s", c.Text("clusterName"), name, object)
}

// checkReplicas lets an add-on that runs as a Deployment wait for nodes, in vain.
func checkReplicas(c *behaviour.Call) error {
	found, _ := findAddon(c.Text("addonName"))
	if !found.replicas || isUpdate(c) || hasNodes(c) {
		return nil
	}

	return fail("waiting for EKS Add-On (%s:%s) create: timeout while waiting for state to become 'ACTIVE' "+
		"(last state: 'DEGRADED', timeout: 20m0s): InsufficientNumberOfReplicas: The add-on is unhealthy because it "+
		"doesn't have the desired number of replicas.", c.Text("clusterName"), found.name)
}

func isUpdate(c *behaviour.Call) bool {
	_, exists := c.Tx.Get(c.Resource.Key)

	return exists
}

// hasNodes says that a node group of the cluster has instances.
func hasNodes(c *behaviour.Call) bool {
	return slices.ContainsFunc(c.Siblings(typeNodeGroup), func(group account.Resource) bool {
		size, _ := property.Lookup(group.Outputs, "scalingConfig.desiredSize")

		return group.Text("clusterName") == c.Text("clusterName") && size != 0.0
	})
}

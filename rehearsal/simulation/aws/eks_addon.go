package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const typeAddon = "aws:eks/addon:Addon"

func addonRules() map[string]rules {
	return map[string]rules{typeAddon: {
		outputs: makers{"addonVersion": defaultAddonVersion},
		checks:  []check{checkOffered},
		created: takeOver, deleted: preserve,
	}}
}

// selfManaged are the names of the add-ons whose software runs in a cluster without an add-on of EKS: those that EKS
// installs in a new cluster, and preserved ones.
// Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
func selfManaged(cluster account.Resource) []string {
	return strings.Fields(cluster.Private["selfManaged"])
}

func setSelfManaged(c *call, cluster account.Resource, names []string) {
	cluster.Private = map[string]string{"selfManaged": strings.Join(names, " ")}
	c.Tx.Put(cluster)
}

// takeOver makes a self-managed add-on one of EKS's. Whatever resolveConflicts is, this fails only on values that
// someone has changed (EKS API, CreateAddon, resolveConflicts), and such changes are not simulated.
func takeOver(c *call) error {
	cluster, name := clusterOf(c), c.Text("addonName")
	setSelfManaged(c, cluster, slices.DeleteFunc(selfManaged(cluster), func(other string) bool { return other == name }))

	return awaitReplicas(c)
}

// preserve leaves the software of a deleted add-on in the cluster if the program asks for it (EKS API, DeleteAddon).
func preserve(c *call) error {
	if cluster := clusterOf(c); c.True("preserve") && cluster.ID != "" {
		setSelfManaged(c, cluster, append(selfManaged(cluster), c.Text("addonName")))
	}

	return nil
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

// awaitReplicas makes the wait for an add-on that runs as a Deployment time out without nodes. The add-on remains, and
// becomes active when there are nodes.
func awaitReplicas(c *call) error {
	name := c.Text("addonName")
	if !versions().Addons[name].Replicas || hasNodes(c) {
		return nil
	}

	return &behaviour.UnfinishedError{Err: fail("waiting for EKS Add-On (%s:%s) create: timeout while waiting for state "+
		"to become 'ACTIVE' (last state: 'DEGRADED', timeout: 20m0s): InsufficientNumberOfReplicas: The add-on is unhealthy "+
		"because it doesn't have the desired number of replicas.", c.Text("clusterName"), name)}
}

// hasNodes reports whether a node group of the cluster has instances.
func hasNodes(c *call) bool {
	return slices.ContainsFunc(c.Siblings(typeNodeGroup), func(group account.Resource) bool {
		size, _ := property.Lookup(group.Outputs, "scalingConfig.desiredSize")

		return group.Text("clusterName") == c.Text("clusterName") && size != 0.0 && !group.Failed
	})
}

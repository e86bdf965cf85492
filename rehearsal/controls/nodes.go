package controls

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// The types that node controls look at.
const (
	typeNodeGroup      = "aws:eks/nodeGroup:NodeGroup"
	typeLaunchTemplate = "aws:ec2/launchTemplate:LaunchTemplate"
	typeAttachment     = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	typeRolePolicy     = "aws:iam/rolePolicy:RolePolicy"
)

// yes is how launch templates and the CNI write a boolean.
const yes = "true"

// templates are the launch templates of node groups; each group must have one.
func templates(environment Environment, v *verdict) []state.Resource {
	all := of(environment.State, typeLaunchTemplate)

	var used []state.Resource

	for _, group := range of(environment.State, typeNodeGroup) {
		own := slices.IndexFunc(all, func(template state.Resource) bool {
			return text(group, "launchTemplate.id") == string(template.ID)
		})
		v.hold(group, "launchTemplate.id", own >= 0, "its nodes start from a template that is not ours")

		if own >= 0 {
			used = append(used, all[own])
		}
	}

	return used
}

// privateNodes is W1.
func privateNodes(environment Environment, v *verdict) {
	for _, group := range of(environment.State, typeNodeGroup) {
		v.hold(group, "remoteAccess", input(group, "remoteAccess") == nil, "it opens a port to log in to its nodes")

		for _, subnet := range of(environment.State, typeSubnet) {
			if slices.Contains(list(group, "subnetIds"), any(string(subnet.ID))) {
				v.hold(group, "subnetIds", !isPublic(environment.State, subnet), "its nodes are in a public subnet")
			}
		}
	}

	for _, template := range templates(environment, v) {
		v.hold(template, "keyName", text(template, "keyName") == "", "it has a key to log in with")

		for i := range list(template, "networkInterfaces") {
			at := fmt.Sprintf("networkInterfaces[%d].associatePublicIpAddress", i)
			v.hold(template, at, text(template, at) != yes, "it gives nodes a public address")
		}
	}
}

// metadata is W2. A pod is a hop further from the metadata than its node.
func metadata(environment Environment, v *verdict) {
	for _, template := range templates(environment, v) {
		v.hold(template, "metadataOptions.httpTokens", text(template, "metadataOptions.httpTokens") == "required",
			"IMDSv1 answers whoever can make a node ask")

		hops, _ := input(template, "metadataOptions.httpPutResponseHopLimit").(float64)
		v.hold(template, "metadataOptions.httpPutResponseHopLimit", hops == 1, "pods reach the node's role")
	}
}

// encryptedDisks is W3. A key of our own would have to let the autoscaling service in.
func encryptedDisks(environment Environment, v *verdict) {
	for _, template := range templates(environment, v) {
		disks := list(template, "blockDeviceMappings")
		v.hold(template, "blockDeviceMappings", len(disks) > 0, "its disk is as the image says")

		for i := range disks {
			at := fmt.Sprintf("blockDeviceMappings[%d].ebs.", i)
			v.hold(template, at+"encrypted", text(template, at+"encrypted") == yes, "its disk is not encrypted")
			v.hold(template, at+"volumeType", text(template, at+"volumeType") == "gp3", "its disk is not a gp3")
			v.hold(template, at+"kmsKeyId", text(template, at+"kmsKeyId") == "", "autoscaling may not use its disk's key")
		}
	}
}

// spreadNodes is W4.
func spreadNodes(environment Environment, v *verdict) {
	for _, cluster := range of(environment.State, typeCluster) {
		zones := make(map[string]bool)

		for _, group := range refersToName(of(environment.State, typeNodeGroup), "clusterName", cluster) {
			for _, subnet := range of(environment.State, typeSubnet) {
				if slices.Contains(list(group, "subnetIds"), any(string(subnet.ID))) {
					zones[text(subnet, "availabilityZone")] = true
				}
			}

			spot := text(group, "capacityType") == "SPOT"
			v.hold(group, "instanceTypes", !spot || len(list(group, "instanceTypes")) > 1,
				"it is of one instance type, and spot: EC2 runs out of one")
		}

		v.hold(cluster, "id", len(zones) > 1, fmt.Sprintf("its nodes are in %d zones", len(zones)))
	}
}

// refersToName returns those whose input at path is the name of the other resource.
func refersToName(resources []state.Resource, path string, other state.Resource) []state.Resource {
	return slices.DeleteFunc(slices.Clone(resources), func(r state.Resource) bool {
		return text(r, path) != text(other, "name")
	})
}

// nodeRoles is W5.
func nodeRoles(environment Environment, v *verdict) {
	needed := []string{"AmazonEKSWorkerNodePolicy"}
	either := []string{"AmazonEC2ContainerRegistryReadOnly", "AmazonEC2ContainerRegistryPullOnly"}
	allowed := slices.Concat(needed, either, []string{"AmazonSSMManagedInstanceCore"})

	for _, role := range usedRoles(environment.State) {
		attached := policiesOf(environment.State, role)
		v.hold(role, "managedPolicyArns", slices.Contains(attached, needed[0]), "its nodes cannot join")
		v.hold(role, "managedPolicyArns", slices.ContainsFunc(attached, func(name string) bool {
			return slices.Contains(either, name)
		}), "its nodes cannot pull images")

		for _, name := range attached {
			v.hold(role, "managedPolicyArns", slices.Contains(allowed, name), "every pod on its nodes may use "+name)
		}

		inline := refersTo(of(environment.State, typeRolePolicy), "role", role)
		v.hold(role, "inlinePolicies", len(inline) == 0, "it has permissions of its own")
	}
}

// usedRoles are those of node groups.
func usedRoles(s *state.State) []state.Resource {
	return slices.DeleteFunc(of(s, typeRole), func(role state.Resource) bool {
		return !slices.ContainsFunc(of(s, typeNodeGroup), func(group state.Resource) bool {
			return strings.HasSuffix(text(group, "nodeRoleArn"), string(role.ID)) &&
				slices.Contains(group.Dependencies, role.URN)
		})
	})
}

// policiesOf are the names of the managed policies that a role has.
func policiesOf(s *state.State, role state.Resource) []string {
	var names []string

	for _, attachment := range of(s, typeAttachment) {
		if slices.Contains(attachment.Dependencies, role.URN) {
			names = append(names, path.Base(text(attachment, "policyArn")))
		}
	}

	return names
}

// nodeImages is W6.
func nodeImages(environment Environment, v *verdict) {
	for _, group := range of(environment.State, typeNodeGroup) {
		image := text(group, "amiType")
		v.hold(group, "amiType", strings.HasPrefix(image, "AL2023_") || strings.HasPrefix(image, "BOTTLEROCKET_"),
			"AWS makes no such image for supported versions")
	}
}

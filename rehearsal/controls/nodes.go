package controls

import (
	"fmt"
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

		for _, id := range list(group, "subnetIds") {
			subnet, ours := byID(of(environment.State, typeSubnet), id)
			private := ours && isPrivate(environment.State, subnet) && !mayBePublic(environment.State, subnet)
			v.hold(group, "subnetIds", private, fmt.Sprintf("its nodes are in %v, which is no private subnet of ours", id))
		}
	}

	for _, template := range templates(environment, v) {
		v.hold(template, "keyName", text(template, "keyName") == "", "it has a key to log in with")

		for i := range list(template, "networkInterfaces") {
			at := fmt.Sprintf("networkInterfaces[%d].associatePublicIpAddress", i)
			v.hold(template, at, fmt.Sprint(input(template, at)) != yes, "it gives nodes a public address")
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
		v.hold(template, "blockDeviceMappings", slices.ContainsFunc(disks, isRoot), "its root disk is as the image says")

		for i := range disks {
			at := fmt.Sprintf("blockDeviceMappings[%d].ebs.", i)
			v.hold(template, at+"encrypted", text(template, at+"encrypted") == yes, "its disk is not encrypted")
			v.hold(template, at+"volumeType", text(template, at+"volumeType") == "gp3", "its disk is not a gp3")
			v.hold(template, at+"kmsKeyId", text(template, at+"kmsKeyId") == "", "autoscaling may not use its disk's key")
		}
	}
}

// isRoot reports whether a disk is the one that an image starts from, as both kinds of images that are let in call it.
func isRoot(disk any) bool {
	fields, _ := disk.(map[string]any)

	return fields["deviceName"] == "/dev/xvda"
}

// spreadNodes is W4.
func spreadNodes(environment Environment, v *verdict) {
	for _, cluster := range of(environment.State, typeCluster) {
		zones := make(map[string]bool)

		for _, group := range refersToName(of(environment.State, typeNodeGroup), "clusterName", cluster) {
			size, said := input(group, "scalingConfig.desiredSize").(float64)
			empty := said && size == 0

			for _, subnet := range of(environment.State, typeSubnet) {
				if !empty && slices.Contains(list(group, "subnetIds"), any(string(subnet.ID))) {
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

	for _, role := range usedRoles(environment.State, v) {
		attached := policiesOf(environment.State, role)
		v.hold(role, "managedPolicyArns", slices.Contains(attached, needed[0]), "its nodes cannot join")
		v.hold(role, "managedPolicyArns", slices.ContainsFunc(attached, func(name string) bool {
			return slices.Contains(either, name)
		}), "its nodes cannot pull images")

		for _, name := range attached {
			v.hold(role, "managedPolicyArns", slices.Contains(allowed, name), "every pod on its nodes may use "+name)
		}

		inline := slices.ContainsFunc(of(environment.State, typeRolePolicy), func(policy state.Resource) bool {
			return belongs(policy, role)
		})
		v.hold(role, "inlinePolicies", !inline && len(list(role, "inlinePolicies")) == 0, "it has permissions of its own")
	}
}

// usedRoles are those of node groups; each group must have one of ours.
func usedRoles(s *state.State, v *verdict) []state.Resource {
	var used []state.Resource

	for _, group := range of(s, typeNodeGroup) {
		role, ours := byARN(of(s, typeRole), text(group, "nodeRoleArn"))
		if !ours {
			v.hold(group, "nodeRoleArn", false, "what its nodes may do is not known")

			continue
		}

		if !slices.ContainsFunc(used, func(other state.Resource) bool { return other.URN == role.URN }) {
			used = append(used, role)
		}
	}

	return used
}

// belongs reports whether a policy, or that it is attached, is about a role, which may be called by its name.
func belongs(r, role state.Resource) bool {
	name := text(r, "role")

	return slices.Contains(r.Dependencies, role.URN) ||
		name != "" && (name == string(role.ID) || name == text(role, "name"))
}

// policiesOf are the managed policies that a role has: AWS's by their names, others by their ARNs.
func policiesOf(s *state.State, role state.Resource) []string {
	arns := texts(input(role, "managedPolicyArns"))

	for _, attachment := range of(s, typeAttachment) {
		if belongs(attachment, role) {
			arns = append(arns, text(attachment, "policyArn"))
		}
	}

	for i, arn := range arns {
		if _, name, theirs := strings.Cut(arn, ":iam::aws:policy/"); theirs {
			arns[i] = name
		}
	}

	return arns
}

// nodeImages is W6.
func nodeImages(environment Environment, v *verdict) {
	for _, group := range of(environment.State, typeNodeGroup) {
		image := text(group, "amiType")
		v.hold(group, "amiType", strings.HasPrefix(image, "AL2023_") || strings.HasPrefix(image, "BOTTLEROCKET_"),
			"AWS makes no such image for supported versions")
	}
}

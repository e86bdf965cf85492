package aws

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// replacement returns the paths of changes that force a replacement, which depends on the values.
type replacement = func(old, inputs properties) []string

// replacements are those that schema/*.yaml name.
func replacements() map[string]replacement {
	return map[string]replacement{
		// Only the way from dedicated to default is an update (ModifyVpcTenancy).
		"tenancy": func(old, inputs properties) []string {
			return paths(word(old, "instanceTenancy") != "dedicated" || word(inputs, "instanceTenancy") != "default",
				"instanceTenancy")
		},
		"ipv6Block": func(old, _ properties) []string {
			return paths(property.Reveal(old["assignIpv6AddressOnCreation"]).V == true, "ipv6CidrBlock")
		},
		"privateNames": func(_, inputs properties) []string {
			return paths(word(inputs, "vpcEndpointType") != interfaceEndpoint, "privateDnsEnabled")
		},
		// A role that is added later is an update.
		"computeRole": func(old, _ properties) []string {
			compute, _ := property.Reveal(old["computeConfig"]).V.(properties)

			return paths(word(compute, "nodeRoleArn") != "", "computeConfig.nodeRoleArn")
		},
		// Encryption cannot be disabled; to enable it is an update (AssociateEncryptionConfig).
		"encryptionRemoved": func(old, inputs properties) []string {
			return paths(!old["encryptionConfig"].IsNull() && inputs["encryptionConfig"].IsNull(), "encryptionConfig")
		},
		"engine": func(old, inputs properties) []string {
			return paths(word(old, "engine") == "valkey" && word(inputs, "engine") == "redis", "engine")
		},
		"engineVersion": func(old, inputs properties) []string {
			after := word(inputs, "engineVersion")

			return paths(after != "" && after < word(old, "engineVersion"), "engineVersion")
		},
		"transitEncryption": func(old, _ properties) []string {
			return paths(word(old, "engineVersion") < "7.0.5", "transitEncryptionEnabled")
		},
		"balancerNetwork": balancerNetwork,
		"ruleSource":      ruleSource,
	}
}

// balancerNetwork replaces a network load balancer unless it only gains subnets, or has security groups as before.
func balancerNetwork(old, inputs properties) []string {
	if word(inputs, "loadBalancerType") != "network" {
		return nil
	}

	var changed []string

	for _, name := range []resource.PropertyKey{"subnets", "subnetMappings"} {
		if after := inputs[name]; !after.ContainsUnknowns() && (count(after) <= count(old[name]) || loses(old[name], after)) {
			changed = append(changed, string(name))
		}
	}

	before, after := inputs["securityGroups"], old["securityGroups"]

	return append(changed, paths((count(before) == 0) != (count(after) == 0), "securityGroups")...)
}

// loses reports whether a list of objects lacks one that it had. The order of subnets alone is no concern.
func loses(old, inputs resource.PropertyValue) bool {
	if !old.IsArray() || !inputs.IsArray() {
		return false
	}

	return slices.ContainsFunc(old.ArrayValue(), func(had resource.PropertyValue) bool {
		return had.IsObject() && !slices.ContainsFunc(inputs.ArrayValue(), had.DeepEquals)
	})
}

func count(list resource.PropertyValue) int {
	if !list.IsArray() {
		return 0
	}

	return len(list.ArrayValue())
}

// ruleSource replaces a rule whose source is of another kind.
func ruleSource(old, inputs properties) []string {
	var changed []string

	for _, name := range []string{"cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"} {
		key := resource.PropertyKey(name)
		changed = append(changed, paths(old[key].IsNull() != inputs[key].IsNull(), name)...)
	}

	return changed
}

func word(values properties, name resource.PropertyKey) string {
	text, _ := property.Reveal(values[name]).V.(string)

	return text
}

func paths(condition bool, path string) []string {
	if condition {
		return []string{path}
	}

	return nil
}

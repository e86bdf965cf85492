package controls

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/msur/platform/rehearsal/state"
)

// The types that cluster controls look at. The component's entries are in the program's graph, its children's in a
// state.
const (
	typeCluster     = "aws:eks/cluster:Cluster"
	typeAccessEntry = "aws:eks/accessEntry:AccessEntry"
	typeAddon       = "aws:eks/addon:Addon"
	typeComponent   = "eks:index:Cluster"
	typeConfigMap   = "kubernetes:core/v1:ConfigMap"
	// typeConfigMapPatch changes one that is there.
	typeConfigMapPatch = "kubernetes:core/v1:ConfigMapPatch"
)

// apiEndpoint is K1. AWS opens the public endpoint, and to everybody, where nothing is said of it.
func apiEndpoint(environment Environment, v *verdict) {
	for _, cluster := range of(environment.State, typeCluster) {
		private, _ := input(cluster, "vpcConfig.endpointPrivateAccess").(bool)
		v.hold(cluster, "vpcConfig.endpointPrivateAccess", private, "nodes reach the API server over the internet")

		if public, said := input(cluster, "vpcConfig.endpointPublicAccess").(bool); said && !public {
			v.hold(cluster, "vpcConfig.endpointPublicAccess", true, "")

			continue
		}

		cidrs := list(cluster, "vpcConfig.publicAccessCidrs")
		open := len(cidrs) == 0 || slices.ContainsFunc(cidrs, func(cidr any) bool { return wide(fmt.Sprint(cidr)) })

		if open && environment.OpenAPI {
			v.except(cluster, "vpcConfig.publicAccessCidrs", "anybody may talk to the API server, which asks who they are: "+
				"the environment is to be tried from anywhere")

			continue
		}

		v.hold(cluster, "vpcConfig.publicAccessCidrs", !open, "anybody may talk to the API server")
	}
}

// supportEnds are the last days of standard support (Amazon EKS User Guide, "Kubernetes versions", as of 2026-11).
func supportEnds() map[string]time.Time {
	return map[string]time.Time{
		"1.34": time.Date(2026, time.December, 2, 0, 0, 0, 0, time.UTC),
		"1.35": time.Date(2027, time.March, 27, 0, 0, 0, 0, time.UTC),
		"1.36": time.Date(2027, time.August, 2, 0, 0, 0, 0, time.UTC),
	}
}

// standardSupport is K2.
func standardSupport(environment Environment, v *verdict) {
	for _, cluster := range of(environment.State, typeCluster) {
		end, known := supportEnds()[text(cluster, "version")]
		supported := known && environment.Now.Before(end.AddDate(0, 0, 1))
		v.hold(cluster, "version", supported, "it is not in standard support")

		policy := text(cluster, "upgradePolicy.supportType")
		v.hold(cluster, "upgradePolicy", policy == "STANDARD", "extended support, at six times the price, is not refused")
	}
}

// controlPlaneLogs is K3.
func controlPlaneLogs(environment Environment, v *verdict) {
	for _, cluster := range of(environment.State, typeCluster) {
		for _, kind := range []string{"api", "audit", "authenticator", "controllerManager", "scheduler"} {
			logged := slices.Contains(list(cluster, "enabledClusterLogTypes"), any(kind))
			v.hold(cluster, "enabledClusterLogTypes", logged, "it does not log "+kind)
		}

		name := "/aws/eks/" + text(cluster, "name") + "/cluster"
		groups := slices.DeleteFunc(of(environment.State, typeLogGroup), func(group state.Resource) bool {
			return text(group, "name") != name
		})
		v.hold(cluster, "name", len(groups) > 0, "EKS makes its log group, which is kept for ever")
		v.holdRetention(groups)
	}
}

// encryptedSecrets is K4.
func encryptedSecrets(environment Environment, v *verdict) {
	for _, cluster := range of(environment.State, typeCluster) {
		secrets := slices.Contains(list(cluster, "encryptionConfig.resources"), any("secrets"))
		v.hold(cluster, "encryptionConfig.resources", secrets, "secrets are not encrypted by a key of ours")

		v.holdKey(environment.State, cluster, "encryptionConfig.provider.keyArn")
	}
}

// accessByEntries is K5.
func accessByEntries(environment Environment, v *verdict) {
	for _, cluster := range of(environment.State, typeCluster) {
		v.hold(cluster, "accessConfig.authenticationMode", text(cluster, "accessConfig.authenticationMode") == "API",
			"the aws-auth ConfigMap lets in whom it says")

		byBirth, said := input(cluster, "accessConfig.bootstrapClusterCreatorAdminPermissions").(bool)
		v.hold(cluster, "accessConfig.bootstrapClusterCreatorAdminPermissions", said && !byBirth,
			"whoever made it is its admin, and no entry says so")
		v.hold(cluster, "accessConfig", hasEntries(environment.State), "nobody has an access entry")
	}

	for _, object := range slices.Concat(of(environment.State, typeConfigMap), of(environment.State, typeConfigMapPatch)) {
		v.hold(object, "metadata.name", text(object, "metadata.name") != "aws-auth", "access is by entries")
	}
}

// hasEntries reports whether somebody who is no node is let in by an entry.
func hasEntries(s *state.State) bool {
	person := func(kind any) bool { return blank(kind) || kind == "STANDARD" }

	entered := slices.ContainsFunc(of(s, typeAccessEntry), func(entry state.Resource) bool {
		return person(input(entry, "type"))
	})

	return entered || slices.ContainsFunc(of(s, typeComponent), func(component state.Resource) bool {
		entries, _ := input(component, "accessEntries").(map[string]any)

		return slices.ContainsFunc(slices.Collect(maps.Values(entries)), func(entry any) bool {
			fields, _ := entry.(map[string]any)

			return person(fields["type"])
		})
	})
}

// networkPolicies is K7.
func networkPolicies(environment Environment, v *verdict) {
	for _, cluster := range of(environment.State, typeCluster) {
		addons := slices.DeleteFunc(of(environment.State, typeAddon), func(addon state.Resource) bool {
			return text(addon, "addonName") != "vpc-cni" || text(addon, "clusterName") != text(cluster, "name")
		})
		v.hold(cluster, "id", len(addons) > 0, "it has no CNI of which we know")

		for _, addon := range addons {
			v.hold(addon, "configurationValues", enforcesPolicies(text(addon, "configurationValues")),
				"it lets all traffic through, whatever policies say")
		}
	}
}

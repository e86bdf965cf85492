package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const addonVersionFunction = "aws:eks/getAddonVersion:getAddonVersion"

func addon(name string, change in) in {
	return changed(in{"clusterName": "c", "addonName": name}, change)
}

func TestAddon(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(nil)
	made := s.aws.Create(addonType, "proxy", addon("kube-proxy", nil))
	assert.Equal(t, "c:kube-proxy", made.ID)
	outputs(t, made, map[string]string{
		"arn":          "arn:aws:eks:us-east-1:123456789012:addon/c/kube-proxy/.{36}",
		"addonVersion": `v1\.34\.\d+-eksbuild\.\d+`, "createdAt": `\d{4}-.*Z`,
	})
	conflicts(t, s.aws, addonType, map[string]in{
		"ResourceInUseException: Addon already exists.": addon("kube-proxy", nil),
	})
	refuses(t, s.aws, addonType, map[string]in{
		"InvalidParameterException: Addon kube-prox specified is not supported in 1.34 kubernetes version": addon(
			"kube-prox", nil),
		"InvalidParameterException: Addon version specified is not supported": addon("vpc-cni", in{
			"addonVersion": "v1.22.4-eksbuild.4",
		}),
		"InvalidParameterException: Role provided in the request does not exist.": addon("vpc-cni", in{
			"serviceAccountRoleArn": noRole,
		}),
		"ResourceNotFoundException: No cluster found for name: d.": addon("vpc-cni", in{"clusterName": "d"}),
	})
	accepts(t, s.aws, addonType, map[string]in{
		"values": addon("vpc-cni", in{
			"configurationValues": `{"enableNetworkPolicy":"true"}`, "serviceAccountRoleArn": s.podRole.Text("arn"),
		}),
	})
	assert.Equal(t, []string{"addonName"}, s.aws.Diff(made, addon("vpc-cni", nil)).GetReplaces())
	assert.Empty(t, s.aws.Diff(made, addon("kube-proxy", in{"addonVersion": "v2"})).GetReplaces())
}

func TestAddonsFollowTheCluster(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	cluster := s.cluster(nil)
	made := s.aws.Create(addonType, "proxy", addon("kube-proxy", nil))
	s.aws.Update(cluster, s.clusterInputs(in{"version": "1.35"}))

	old := made.Text("addonVersion")
	kept := s.aws.Update(made, addon("kube-proxy", in{"addonVersion": old, "tags": in{"a": "b"}}))
	assert.Equal(t, old, kept.Text("addonVersion"), "it runs on the new minor as well")

	_, err := s.aws.TryUpdate(made, addon("kube-proxy", in{"addonVersion": "v1.34.6-eksbuild.5"}))
	require.ErrorContains(t, err, "Addon version specified is not supported")

	newer := version(t, s.aws, "kube-proxy", "1.35", false)
	assert.Equal(t, newer, s.aws.Update(made, addon("kube-proxy", in{"addonVersion": newer})).Text("addonVersion"))
}

func TestAddonsThatNeedNodes(t *testing.T) {
	t.Parallel()

	const want = "waiting for EKS Add-On (c:coredns) create: timeout while waiting for state to become 'ACTIVE' " +
		"(last state: 'DEGRADED', timeout: 20m0s): InsufficientNumberOfReplicas: The add-on is unhealthy because it " +
		"doesn't have the desired number of replicas."

	s := newCluster(t)
	degraded := addon("coredns", nil)
	made := s.aws.Create(nodeGroupType, "nodes", s.nodes(in{"scalingConfig": scale(0, 0, 2)}))
	fails(t, s.aws, addonType, map[string]in{
		want:                degraded,
		"(c:metrics-server": addon("metrics-server", nil),
	})
	assert.Len(t, s.Of(addonType), 5, "they remain, and become active when there are nodes")
	conflicts(t, s.aws, addonType, map[string]in{"ResourceInUseException: Addon already exists.": degraded})
	accepts(t, s.aws, addonType, map[string]in{"one on each node": addon("eks-node-monitoring-agent", nil)})

	for _, name := range []string{"aws-efs-csi-driver", "aws-ebs-csi-driver"} {
		s.aws.Update(made, s.nodes(in{"scalingConfig": scale(0, 1, 2)}))
		dns := s.aws.Create(addonType, name, addon(name, nil))
		s.aws.Update(made, s.nodes(in{"scalingConfig": scale(0, 0, 2)}))
		s.aws.Update(dns, addon(name, in{"tags": in{"a": "b"}}))
	}
}

// version calls the function.
func version(t *testing.T, provider *enginetest.Provider, name, minor string, latest bool) string {
	t.Helper()

	answer, refused, err := provider.Invoke(addonVersionFunction, in{
		"addonName": name, "kubernetesVersion": minor, "mostRecent": latest,
	})
	require.NoError(t, err)
	require.Empty(t, refused)
	assert.Equal(t, name, answer["id"].StringValue())

	return answer["version"].StringValue()
}

func TestAddonVersions(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	s.aws.Create(nodeGroupType, "nodes", s.nodes(nil))

	for _, name := range []string{
		"amazon-cloudwatch-observability", "aws-ebs-csi-driver", "aws-efs-csi-driver", "coredns", "eks-node-monitoring-agent",
		"metrics-server", "snapshot-controller",
	} {
		made := s.aws.Create(addonType, name, addon(name, nil))
		usual, latest := version(t, s.aws, name, "1.34", false), version(t, s.aws, name, "1.34", true)
		assert.Equal(t, usual, made.Text("addonVersion"), "the same table")
		assert.NotEqual(t, usual, latest, name)
		s.aws.Update(made, addon(name, in{"addonVersion": latest}))
	}

	for _, name := range facts.Addons() {
		for _, minor := range []string{"1.33", "1.34", "1.35", "1.36"} {
			assert.Regexp(t, `^v\d+\.\d+\.\d+-eksbuild\.\d+$`, version(t, s.aws, name, minor, false))
		}
	}

	for want, arguments := range map[string]in{
		"(none, 1.34)":    {"addonName": "none", "kubernetesVersion": "1.34"},
		"(coredns, 1.20)": {"addonName": "coredns", "kubernetesVersion": "1.20"},
	} {
		_, _, err := s.aws.Invoke(addonVersionFunction, arguments)
		require.ErrorContains(t, err, "reading EKS Add-On version info "+want+": couldn't find resource")
	}
}

// EKS installs a network, a proxy and DNS in a cluster that does not refuse them, as @pulumi/eks's default does not.
func TestAddonsTakeOverSelfManagedOnes(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(in{"bootstrapSelfManagedAddons": nil})
	s.tries(t, "the network has no permissions", s.nodes(nil), unhealthy)
	s.aws.Create(attachType, "cni", in{"role": s.nodeRole.ID, "policyArn": managed + "AmazonEKS_CNI_Policy"})
	first := s.aws.Create(nodeGroupType, "first", s.nodes(in{"nodeGroupName": "first"}))

	accepts(t, s.aws, addonType, map[string]in{
		"without conflicts": addon("coredns", nil),
		"NONE":              addon("kube-proxy", in{"resolveConflictsOnCreate": "NONE"}),
	})

	require.NoError(t, s.aws.Delete(first))

	network := s.aws.Create(addonType, "vpc-cni", addon("vpc-cni", in{
		"resolveConflictsOnCreate": "OVERWRITE", "preserve": true,
	}))
	require.NoError(t, s.aws.Delete(network))
	s.tries(t, "the network is preserved", s.nodes(nil), "")

	again := s.aws.Create(addonType, "vpc-cni", addon("vpc-cni", nil))
	require.NoError(t, s.aws.Delete(again))
	s.tries(t, "the network is gone", s.nodes(nil), unhealthy)
}

package settings_test

import (
	"encoding/json"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	eks "github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/nodes"
	"github.com/msur/platform/stacks/settings"
)

func TestAClusterIsReadWithAllThatItHas(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, with(t, map[string]string{cluster: `{
		"version": "1.36",
		"admins": ["role/a", "user/ops/b", "arn:aws:iam::210987654321:role/c"],
		"auditors": ["role/e"],
		"viewers": ["role/d"],
		"publicAccessCidrs": ["203.0.113.0/24", "198.51.100.7/32"],
		"logTypes": [],
		"nodes": {"gpu-1": {
			"instanceTypes": ["m7i.large", "m7i.xlarge"], "architecture": "amd64", "capacity": "spot", "min": 2, "max": 3,
			"diskGiB": 50, "labels": {"example.com/gpu": "true", "size": 4},
			"taints": [{"key": "gpu", "value": "yes", "effect": "PreferNoSchedule"}]
		}},
		"addons": {"aws-ebs-csi-driver": {
			"version": "v1.20.4-eksbuild.2", "values": {"controller": {"replicas": 1}},
			"role": {"serviceAccount": "ebs", "policies": ["arn:aws:iam::aws:policy/service-role/EBS"]}
		}}
	}`}), neighbours())

	require.Empty(t, problems)
	assert.Equal(t, settings.Cluster{
		Version:           "1.36",
		Admins:            []settings.Principal{"role/a", "user/ops/b", "arn:aws:iam::210987654321:role/c"},
		Auditors:          []settings.Principal{"role/e"},
		Viewers:           []settings.Principal{"role/d"},
		LogTypes:          []eks.LogType{},
		PublicAccessCIDRs: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("198.51.100.7/32")},
		Nodes: map[string]nodes.Kind{"gpu-1": {
			InstanceTypes: []string{"m7i.large", "m7i.xlarge"}, Architecture: nodes.AMD64, Capacity: nodes.Spot,
			Min: 2, Max: 3, DiskGiB: 50, Labels: map[string]string{"example.com/gpu": "true", "size": "4"},
			Taints: []nodes.Taint{{Key: "gpu", Value: "yes", Effect: nodes.PreferNoSchedule}},
		}},
		Addons: map[string]settings.Addon{"aws-ebs-csi-driver": {
			Version: "v1.20.4-eksbuild.2",
			Values:  map[string]any{"controller": map[string]any{"replicas": json.Number("1")}},
			Role: &settings.AddonRole{
				ServiceAccount: "ebs", Policies: []string{"arn:aws:iam::aws:policy/service-role/EBS"},
			},
		}},
	}, loaded.Cluster)
}

// YAML reads 1.35 without quotes as a number, and `pulumi config set` may write it so.
func TestAVersionThatANumberHoldsNeedsNoQuotes(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, with(t, map[string]string{cluster + ".version": `1.35`}), neighbours())

	require.Empty(t, problems)
	assert.Equal(t, "1.35", loaded.Cluster.Version)
}

func TestAClusterWithoutNodesNeedsNoNAT(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{
		"platform:network.nat": `"none"`, cluster + ".nodes": `{}`,
	}), neighbours())
	assert.Empty(t, problems)
}

func TestNodesWithATaintThatOnlyPrefersTakeAnyPod(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{
		cluster + ".nodes": kind(`, "taints": [{"key": "a", "effect": "PreferNoSchedule"}]`),
	}), neighbours())
	assert.Empty(t, problems)
}

func TestTheRoleOfAnAddonIsInTheSystemsNamespaceUnlessItSaysAnother(t *testing.T) {
	t.Parallel()

	assert.Equal(t, "kube-system", settings.AddonRole{}.WithDefaults().Namespace)
	assert.Equal(t, settings.AddonRole{Namespace: "x", ServiceAccount: "y", Policies: []string{"z"}},
		settings.AddonRole{Namespace: "x", ServiceAccount: "y", Policies: []string{"z"}}.WithDefaults())
}

func TestAPrincipalWithoutAnAccountIsOfTheOneDeployedTo(t *testing.T) {
	t.Parallel()

	for principal, want := range map[settings.Principal]string{
		"role/a":                           "arn:aws-cn:iam::123456789012:role/a",
		"role/ops/a":                       "arn:aws-cn:iam::123456789012:role/ops/a",
		"user/b":                           "arn:aws-cn:iam::123456789012:user/b",
		"arn:aws:iam::210987654321:role/c": "arn:aws:iam::210987654321:role/c",
	} {
		assert.True(t, principal.Valid(), principal)
		assert.Equal(t, want, principal.ARN("aws-cn", "123456789012"))
	}
}

// A role and a user of one name are two principals, and EKS has an entry for each.
func TestARoleAndAUserOfOneNameCanBothBeListed(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, with(t, map[string]string{
		cluster + ".admins": `["role/platform-deploy", "role/a", "user/a"]`,
		// Another path is another principal.
		cluster + ".viewers": `["role/ops/a", "user/ops/a"]`,
	}), neighbours())

	require.Empty(t, problems)
	assert.Equal(t, []settings.Principal{"role/platform-deploy", "role/a", "user/a"}, loaded.Cluster.Admins)
}

func TestWrongMembersOfAKindOfNodesHideNoOthers(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{cluster: `{
		"version": 1.3, "admins": "role/a", "publicAccessCidrs": ["here"], "colour": "red",
		"nodes": {
			"general": {"instanceType": "x", "instanceTypes": ["t4g.medium"], "min": [], "max": 2, "labels": {"a": []}},
			"Special": {}, "other": [], "odd": {"capacity": "x", "taints": [{"key": "a", "efect": "NoSchedule"}]}
		},
		"addons": {"coredns": {"version": "1", "valuess": {}}, "x": {"role": {"policies": ["y"], "polices": []}}}
	}`}), neighbours())

	assert.Equal(t, []string{
		cluster + ".addons.coredns.valuess",
		cluster + ".addons.coredns.version",
		cluster + ".addons.x.role.polices",
		cluster + ".addons.x.role.policies[0]",
		cluster + ".addons.x.role.serviceAccount",
		cluster + ".admins",
		cluster + ".colour",
		cluster + ".nodes.Special",
		cluster + ".nodes.general.instanceType",
		cluster + ".nodes.general.labels.a",
		cluster + ".nodes.general.min",
		cluster + ".nodes.odd.capacity",
		cluster + ".nodes.odd.instanceTypes[0]",
		cluster + ".nodes.odd.max",
		cluster + ".nodes.odd.min",
		cluster + ".nodes.odd.taints[0].efect",
		cluster + ".nodes.odd.taints[0].effect",
		cluster + ".nodes.other",
		cluster + ".publicAccessCidrs[0]",
		cluster + ".version",
	}, paths(problems))
}

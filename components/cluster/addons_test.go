package cluster_test

import (
	"slices"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/graphtest"
)

func TestEveryAddonOverwritesConflicts(t *testing.T) {
	t.Parallel()

	g := run(t)

	for _, name := range cluster.EssentialAddons() {
		g.One(t, addonType, "cluster-"+name).
			Under("cluster").
			DependsOn("cluster-eksCluster").
			Has("clusterName", "sandbox").
			Has("addonName", name).
			Has("addonVersion", "v1.0.0-eksbuild.1").
			Has("resolveConflictsOnCreate", "OVERWRITE").
			Has("resolveConflictsOnUpdate", "OVERWRITE")
	}

	assert.Len(t, g.All(addonType), len(cluster.EssentialAddons()))
}

// Without nodes, some add-ons are degraded for a quarter of an hour. Nodes need the other add-ons to join.
func TestEachAddonIsCreatedBeforeOrAfterTheNodes(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, addonType, "cluster-vpc-cni").
		DependsOn("cluster-eks-pod-identity-agent", associationType+"::cluster-cni",
			attachmentType+"::cluster-cni-AmazonEKS_CNI_Policy")

	for _, name := range []string{"coredns", "metrics-server"} {
		g.One(t, addonType, "cluster-"+name).DependsOn(groupA, groupB)
	}

	for _, name := range []string{"eks-pod-identity-agent", "vpc-cni", "kube-proxy"} {
		g.One(t, addonType, "cluster-"+name).WaitsForNo(nodeGroupType)
	}

	for _, name := range []string{"eks-pod-identity-agent", "kube-proxy"} {
		g.One(t, addonType, "cluster-"+name).WaitsForNo(addonType)
	}
}

func TestTheCNIEnforcesPoliciesAndTheAgentIsOnEveryNode(t *testing.T) {
	t.Parallel()

	g := run(t)
	g.One(t, addonType, "cluster-vpc-cni").JSON("configurationValues", `{"enableNetworkPolicy": "true"}`)
	g.One(t, addonType, "cluster-eks-pod-identity-agent").
		JSON("configurationValues", `{"tolerations": [{"operator": "Exists"}]}`)
	g.One(t, addonType, "cluster-coredns").HasNo("configurationValues")
}

func TestSettingsAreMergedWithRequiredValues(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *cluster.Args) {
		args.Addons["vpc-cni"] = cluster.Addon{Version: "v2", Values: map[string]any{"env": map[string]any{"X": "1"}}}
	})
	g.One(t, addonType, "cluster-vpc-cni").
		Has("addonVersion", "v2").
		JSON("configurationValues", `{"enableNetworkPolicy": "true", "env": {"X": "1"}}`)
}

// Settings win over required values, and do not change the required values of other clusters.
func TestSettingsWinOverRequiredValues(t *testing.T) {
	t.Parallel()

	values := map[string]any{"tolerations": []any{}}

	run(t, func(args *cluster.Args) {
		args.Addons["eks-pod-identity-agent"] = cluster.Addon{Version: "v2", Values: values}
	}).One(t, addonType, "cluster-eks-pod-identity-agent").JSON("configurationValues", `{"tolerations": []}`)

	assert.Equal(t, map[string]any{"tolerations": []any{}}, values, "the arguments are unchanged")
	run(t).One(t, addonType, "cluster-eks-pod-identity-agent").
		JSON("configurationValues", `{"tolerations": [{"operator": "Exists"}]}`)
}

func TestValuesThatAreNotJSONAreRefused(t *testing.T) {
	t.Parallel()

	_, err := graphtest.Try(program(nil, func(args *cluster.Args) {
		args.Addons["coredns"] = cluster.Addon{Version: "v2", Values: map[string]any{"replicas": func() {}}}
	}))
	require.ErrorContains(t, err, "values of the add-on coredns")
}

// Each add-on takes about a minute, so add-ons are created in parallel.
func TestAddonsThatRunOnNodesDoNotWaitForOneAnother(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *cluster.Args) { args.Addons["aws-ebs-csi-driver"] = cluster.Addon{Version: "v3"} })
	running := []string{"cluster-aws-ebs-csi-driver", "cluster-coredns", "cluster-metrics-server"}

	for _, addon := range g.All(addonType) {
		if !slices.Contains(running, addon.Name) {
			continue
		}

		g.One(t, addonType, addon.Name).DependsOn(groupA, groupB)

		for _, awaited := range addon.Dependencies {
			assert.NotEqual(t, addonType, string(awaited.Type()), "%s waits for %s", addon.Name, awaited.Name())
		}
	}

	assert.NotContains(t, names(g, associationType), "cluster-aws-ebs-csi-driver", "an add-on without calls has no role")
}

func TestAnotherAddonHasItsOwnRole(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *cluster.Args) {
		args.Addons["aws-ebs-csi-driver"] = cluster.Addon{Version: "v3", Role: &cluster.AddonRole{
			Namespace: "kube-system", ServiceAccount: "ebs-csi-controller-sa",
			PolicyARNs: []string{"arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"},
		}}
	})

	g.One(t, associationType, "cluster-aws-ebs-csi-driver").
		Under("cluster").
		Has("namespace", "kube-system").
		Has("serviceAccount", "ebs-csi-controller-sa").
		Refers("roleArn", roleType, "cluster-aws-ebs-csi-driver")
	assert.Equal(t, []string{"arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"},
		policiesOf(g, "sandbox-kube-system-ebs-csi-controller-sa"))
	g.One(t, addonType, "cluster-aws-ebs-csi-driver").
		DependsOn(associationType+"::cluster-aws-ebs-csi-driver", groupA, groupB,
			"cluster-aws-ebs-csi-driver-AmazonEBSCSIDriverPolicy")
	g.One(t, kubernetesType, "cluster").DependsOn(addonType + "::cluster-aws-ebs-csi-driver")
}

func TestWithoutNodesTheOtherResourcesAreCreated(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *cluster.Args) { args.Nodes = nil })

	assert.Equal(t, []string{"cluster-eks-pod-identity-agent", "cluster-kube-proxy", "cluster-vpc-cni"},
		names(g, addonType))
	g.None(t, nodeGroupType)
	g.None(t, templateType)
	g.One(t, kubernetesType, "cluster").DependsOn(componentType + "::cluster")
}

func TestTheVersionOfAnAddonComesFromEKS(t *testing.T) {
	t.Parallel()

	ask := func(name string, latest bool, options ...graphtest.Option) (string, error) {
		var version string

		_, err := graphtest.Try(func(ctx *pulumi.Context) error {
			provider, err := aws.NewProvider(ctx, "ours", &aws.ProviderArgs{})
			if err != nil {
				return err
			}

			version, err = cluster.AddonVersion(ctx, name, "1.35", latest, pulumi.Provider(provider))

			return err
		}, options...)

		return version, err
	}

	version, err := ask("coredns", false)
	require.NoError(t, err)
	assert.Equal(t, "v1.35.0-eksbuild.1", version)

	version, err = ask("coredns", true)
	require.NoError(t, err)
	assert.Equal(t, "v2.0.0-eksbuild.1", version)

	_, err = ask("weather", false)
	require.ErrorIs(t, err, cluster.ErrNoAddon)

	_, err = ask("coredns", false, graphtest.Failing("aws:eks/getAddonVersion:getAddonVersion", assert.AnError))
	require.ErrorContains(t, err, assert.AnError.Error())
	assert.NotErrorIs(t, err, cluster.ErrNoAddon)
}

package cluster

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The engine passes each of the component's thirty or so resources to the transform.
func TestOnlyTheClusterIsTransformed(t *testing.T) {
	t.Parallel()

	for _, other := range []string{
		"eks:index:Cluster", "eks:index:ServiceRole", "aws:eks/accessEntry:AccessEntry", "aws:eks/addon:Addon",
		"aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "aws:iam/role:Role", "aws:ec2/securityGroup:SecurityGroup",
		"aws:eks/cluster:Clusters", "aws:rds/cluster:Cluster", "pulumi:providers:aws", "",
	} {
		given := pulumi.Map{"name": pulumi.String("sandbox")}
		child := &pulumi.ResourceTransformArgs{Type: other, Props: maps.Clone(given)}

		assert.Nil(t, (&Args{}).explicitly(t.Context(), child), other)
		assert.Equal(t, given, child.Props, other)
		assert.Empty(t, child.Opts, other)
	}
}

func TestTheTransformAddsToTheInputsOfTheComponent(t *testing.T) {
	t.Parallel()

	before := pulumi.Map{
		"name":         pulumi.String("sandbox"),
		"vpcConfig":    pulumi.Map{"subnetIds": pulumi.ToStringArray([]string{"subnet-a"})},
		"accessConfig": pulumi.Map{"bootstrapClusterCreatorAdminPermissions": pulumi.Bool(true)},
	}

	result := (&Args{}).explicitly(t.Context(), &pulumi.ResourceTransformArgs{
		Custom: true, Type: "aws:eks/cluster:Cluster", Name: "cluster-eksCluster", Props: maps.Clone(before),
		Opts: pulumi.ResourceOptions{IgnoreChanges: []string{"tags"}, Protect: true},
	})
	require.NotNil(t, result)

	assert.Equal(t, []string{"accessConfig", "bootstrapSelfManagedAddons", "name", "upgradePolicy", "vpcConfig"},
		slices.Sorted(maps.Keys(result.Props)))
	assert.Equal(t, before["name"], result.Props["name"])
	assert.Equal(t, before["vpcConfig"], result.Props["vpcConfig"])
	assert.Equal(t, pulumi.Map{
		"authenticationMode":                      pulumi.String("API"),
		"bootstrapClusterCreatorAdminPermissions": pulumi.Bool(false),
	}, result.Props["accessConfig"])

	// EKS does not change the zones of a control plane, and a replacement needs the name of the old cluster.
	assert.Equal(t, []string{"tags", "vpcConfig.subnetIds"}, result.Opts.IgnoreChanges)
	assert.True(t, result.Opts.DeleteBeforeReplace)
	assert.True(t, result.Opts.Protect, "other options stay")
}

func TestTheControlPlaneIsProtectedOnRequest(t *testing.T) {
	t.Parallel()

	for _, protect := range []bool{true, false} {
		result := (&Args{Protect: protect}).explicitly(t.Context(), &pulumi.ResourceTransformArgs{
			Custom: true, Type: "aws:eks/cluster:Cluster", Name: "cluster-eksCluster", Props: pulumi.Map{},
		})
		require.NotNil(t, result)
		assert.Equal(t, protect, result.Opts.Protect)
	}
}

func TestAnEntryIsFoundByItsEarlierNames(t *testing.T) {
	t.Parallel()

	args := &Args{
		Admins:  []string{"arn:aws:iam::123456789012:role/team/deploy", "arn:aws:iam::123456789012:role/deploy"},
		Viewers: []string{"arn:aws:iam::123456789012:user/ada"},
	}

	formerly := func(kind, name string) []string {
		result := args.renamed(t.Context(), &pulumi.ResourceTransformArgs{Custom: true, Type: kind, Name: name})
		if result == nil {
			return nil
		}

		names := make([]string, 0, len(result.Opts.Aliases))
		for _, alias := range result.Opts.Aliases {
			names = append(names, fmt.Sprint(alias.Name))
		}

		return names
	}

	const entry = "aws:eks/accessEntry:AccessEntry"

	assert.Equal(t, []string{"cluster-admin-team-deploy", "cluster-auditor-team-deploy", "cluster-viewer-team-deploy"},
		formerly(entry, "cluster-role-team-deploy"))
	assert.Contains(t, formerly(entry, "cluster-user-ada"), "cluster-viewer-ada")
	assert.Empty(t, formerly(entry, "cluster-defaultNodeGroupInstanceRole"), "the component's own")
	assert.Empty(t, formerly("aws:eks/addon:Addon", "cluster-user-ada"))
}

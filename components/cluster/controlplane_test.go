package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/graphtest"
)

func TestTheLogGroupExistsBeforeTheControlPlane(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, logGroupType, "cluster-logs").
		Under("cluster").
		Has("name", "/aws/eks/sandbox/cluster").
		Has("retentionInDays", 30).
		Has("kmsKeyId", keyARN)
	g.One(t, componentType, "cluster").
		Under("cluster").
		DependsOn("cluster-logs").
		Has("enabledClusterLogTypes", []any{"api", "audit", "authenticator", "controllerManager", "scheduler"})
	assert.Equal(t, "/aws/eks/sandbox/cluster", cluster.LogGroupName("sandbox"))
}

func TestTheControlPlaneWritesTheChosenLogsInEKSsOrder(t *testing.T) {
	t.Parallel()

	run(t, func(args *cluster.Args) { args.LogTypes = []cluster.LogType{"scheduler", "api"} }).
		One(t, componentType, "cluster").Has("enabledClusterLogTypes", []any{"api", "scheduler"})
	run(t, func(args *cluster.Args) { args.LogTypes = nil }).
		One(t, componentType, "cluster").Has("enabledClusterLogTypes", []any{})
}

func TestAnExistingLogGroupIsImported(t *testing.T) {
	t.Parallel()

	const name = "/aws/eks/sandbox/cluster"

	run(t).One(t, logGroupType, "cluster-logs").Imported("")
	run(t, func(args *cluster.Args) { args.ExistingLogGroups = []string{name + "-archive", name} }).
		One(t, logGroupType, "cluster-logs").Imported(name)
}

func TestTheComponentCreatesNoNodesOrNetwork(t *testing.T) {
	t.Parallel()

	run(t).One(t, componentType, "cluster").
		Has("name", "sandbox").
		Has("version", "1.35").
		Has("vpcId", "vpc-1").
		Has("subnetIds", []any{"subnet-a", "subnet-b"}).
		Has("authenticationMode", "API").
		Has("encryptionConfigKeyArn", keyARN).
		Has("skipDefaultNodeGroup", true).
		Has("useDefaultVpcCni", true).
		HasNo("createOidcProvider").
		HasNo("roleMappings").
		Refers("instanceRole", roleType, "cluster-node").
		Refers("serviceRole", roleType, "cluster-control-plane").
		DependsOn("cluster-control-plane-AmazonEKSClusterPolicy")
}

func TestTheControlPlaneHasThePolicyOfControlPlanes(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, roleType, "cluster-control-plane").
		Under("cluster").
		Has("name", "sandbox-cluster-control-plane").
		JSON("assumeRolePolicy", `{"Version": "2012-10-17", "Statement": [{"Sid": "TheService", "Effect": "Allow",
			"Principal": {"Service": "eks.amazonaws.com"}, "Action": ["sts:AssumeRole"]}]}`)
	assert.Equal(t, []string{"arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"},
		policiesOf(g, "sandbox-cluster-control-plane"))
}

// If the public endpoint is explicitly on, the component waits for it.
func TestTheEndpointIsPrivateAndPublicForListedRanges(t *testing.T) {
	t.Parallel()

	run(t).One(t, componentType, "cluster").
		Has("endpointPrivateAccess", true).
		Has("endpointPublicAccess", false).
		HasNo("publicAccessCidrs")

	open := func(args *cluster.Args) { args.PublicAccessCIDRs = []string{"203.0.113.0/24"} }
	run(t, open).One(t, componentType, "cluster").
		Has("endpointPrivateAccess", true).
		HasNo("endpointPublicAccess").
		Has("publicAccessCidrs", []any{"203.0.113.0/24"})
}

func TestTheTransformReachesTheCluster(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, clusterType, "cluster-eksCluster").
		Under("cluster").
		Has("accessConfig", map[string]any{
			"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": false,
		}).
		Has("bootstrapSelfManagedAddons", false).
		Has("upgradePolicy", map[string]any{"supportType": "STANDARD"}).
		Has("name", "sandbox").
		Has("encryptionConfig.provider.keyArn", keyARN)
}

// The default provider could use any account, and sets no tags.
func TestEveryResourceHasTheProviderOfTheCluster(t *testing.T) {
	t.Parallel()

	g := run(t)
	provider := g.All("pulumi:providers:aws")[0]

	for _, r := range g.Customs() {
		assert.Equal(t, string(provider.URN)+"::"+provider.ID, r.Provider, r.URN)
	}

	assert.Len(t, g.All(clusterType), 1, "what the component makes among it")
}

func TestAdminsAuditorsAndViewersHaveAccess(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *cluster.Args) {
		args.Admins = []string{"arn:aws:iam::123456789012:user/team/ada", deployer}
		args.Auditors = []string{"arn:aws:iam::123456789012:role/drift"}
		args.Viewers = []string{"arn:aws:iam::123456789012:role/preview"}
	})

	entry := func(principal, policy string) map[string]any {
		return map[string]any{
			"principalArn": principal,
			"accessPolicies": map[string]any{"cluster": map[string]any{
				"policyArn":   "arn:aws:eks::aws:cluster-access-policy/" + policy,
				"accessScope": map[string]any{"type": "cluster"},
			}},
		}
	}

	g.One(t, componentType, "cluster").Has("accessEntries", map[string]any{
		"role-platform-deploy": entry(deployer, "AmazonEKSClusterAdminPolicy"),
		"user-team-ada":        entry("arn:aws:iam::123456789012:user/team/ada", "AmazonEKSClusterAdminPolicy"),
		"role-drift":           entry("arn:aws:iam::123456789012:role/drift", "AmazonEKSAdminViewPolicy"),
		"role-preview":         entry("arn:aws:iam::123456789012:role/preview", "AmazonEKSViewPolicy"),
	})
}

func TestWithoutAnEssentialAddonNothingIsCreated(t *testing.T) {
	t.Parallel()

	for _, name := range cluster.EssentialAddons() {
		g, err := graphtest.Try(program(nil, func(args *cluster.Args) { delete(args.Addons, name) }))
		require.ErrorContains(t, err, name)
		assert.Equal(t, []string{"private-a", "private-b"}, all(g), "the test's own")
	}
}

func TestInvalidNodesAreRefusedFirst(t *testing.T) {
	t.Parallel()

	g, err := graphtest.Try(program(nil, func(args *cluster.Args) {
		kind := args.Nodes["general"]
		kind.InstanceTypes = []string{"m7i.large"}
		args.Nodes["general"] = kind
	}))
	require.ErrorContains(t, err, `"general"`)
	assert.Equal(t, []string{"private-a", "private-b"}, all(g), "the test's own")
	g.None(t, "platform:cluster:Cluster")
}

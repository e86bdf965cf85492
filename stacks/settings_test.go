package stacks_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks"
	"github.com/msur/platform/stacks/settings"
)

// section returns the sandbox's network with a setting added or changed.
func section(members string) map[string]string {
	return map[string]string{"platform:network": `{"cidr": "10.10.0.0/16", "zones": ["a", "b"]` + members + `}`}
}

// certificate is in the account, and in its region.
const certificate = "arn:aws:acm:us-east-1:" + graphtest.AccountID + ":certificate/12345678-1234-1234-1234-123456789012"

// everySetting is a configuration without defaults.
func everySetting() config.Values {
	return config.Values{
		"aws:region":            "us-east-1",
		"aws:allowedAccountIds": `["` + graphtest.AccountID + `"]`,
		"aws:defaultTags":       `{"tags": {"Environment": "sandbox", "Project": "platform", "ManagedBy": "pulumi"}}`,
		"platform:network": `{"cidr": "10.10.0.0/16", "zones": ["a", "b"], "nat": "single", "domain": "msur-vpc.com",
			"flowLogTraffic": "ALL",
			"interfaceEndpoints": ["sts"]}`,
		"platform:cluster": `{
			"version": "1.35", "admins": ["role/platform-deploy"], "auditors": ["role/audit"],
			"viewers": ["role/look"],
			"publicAccessCidrs": ["203.0.113.0/24"], "logTypes": ["api", "audit"],
			"nodes": {"general": {
				"instanceTypes": ["t4g.medium", "t4g.large"], "architecture": "arm64", "capacity": "spot", "min": 2, "max": 4,
				"diskGiB": 20, "labels": {"a": "b"}, "taints": [{"key": "a", "value": "b", "effect": "PreferNoSchedule"}]
			}},
			"autoscaling": {"services": {
				"capacities": ["spot"], "instanceFamilies": ["m7g"], "maxVcpus": 16,
				"maxMemoryGiB": 64, "maxAgeDays": 7, "maxDisrupted": 1, "consolidateAfterMinutes": 5,
				"labels": {"a": "b"}, "taints": [{"key": "a", "value": "b", "effect": "PreferNoSchedule"}]
			}},
			"addons": {"aws-ebs-csi-driver": {
				"version": "v1.0.0-eksbuild.1", "values": {"a": "b"},
				"role": {"namespace": "kube-system", "serviceAccount": "a", "policies": ["arn:aws:iam::aws:policy/A"]}
			}}
		}`,
		"platform:environment": `{"class": "disposable", "protect": false, "permissionsBoundary": "a"}`,
		"platform:database": `{
			"version": "8.4", "instanceClass": "db.t4g.micro", "multiAz": false, "storageGiB": 20, "maxStorageGiB": 100,
			"backupRetentionDays": 7, "parameters": {"max_connections": "50"}
		}`,
		"platform:cache": `{
			"version": "8.0", "nodeType": "cache.t4g.micro", "replicas": 0, "snapshotRetentionDays": 7
		}`,
		"platform:ingress": `{"host": "flightsvc.com"}`,
		"platform:gitops": `{
			"repository": "https://example.com/a.git", "revision": "main", "credentialsSecret": "a", "prune": true,
			"selfHeal": true, "highlyAvailable": false
		}`,
		"platform:runner": `{"repository": "https://github.com/msur/platform"}`,
		"platform:images": `{"registry": "public.ecr.aws/a"}`,
		"platform:apps":   `{"baggage": {"path": "/baggage", "needs": ["mysql"]}}`,
	}
}

// other is another value of a setting, with the setting's path.
type other struct {
	path  string
	value any
}

// otherValues returns another valid value for each setting of the sandbox.
func otherValues() map[string]other {
	const (
		kind    = "platform:cluster.nodes.general"
		addon   = "platform:cluster.addons.aws-ebs-csi-driver"
		ofKind  = "platform:cluster.nodes.*"
		ofAddon = "platform:cluster.addons.*"
	)

	values := otherPools()
	maps.Copy(values, map[string]other{
		"aws:region":                          {"aws:region", "eu-west-1"},
		"aws:allowedAccountIds":               {"aws:allowedAccountIds[1]", "210987654321"},
		"aws:defaultTags.tags":                {"aws:defaultTags.tags.Project", "other"},
		"platform:network.cidr":               {"platform:network.cidr", "10.33.0.0/16"},
		"platform:network.zones":              {"platform:network.zones[1]", "c"},
		"platform:network.nat":                {"platform:network.nat", "perZone"},
		"platform:network.interfaceEndpoints": {"platform:network.interfaceEndpoints[0]", "logs"},
		"platform:network.domain":             {"platform:network.domain", "example.com"},
		"platform:network.flowLogTraffic":     {"platform:network.flowLogTraffic", "REJECT"},
		"platform:cluster.logTypes":           {"platform:cluster.logTypes[1]", "scheduler"},
		"platform:cluster.version":            {"platform:cluster.version", "1.36"},
		"platform:cluster.nodeRelease":        {"platform:cluster.nodeRelease", "1.35.0-20261120"},
		"platform:cluster.admins":             {"platform:cluster.admins[1]", "user/other"},
		"platform:cluster.auditors":           {"platform:cluster.auditors[0]", "role/other"},
		"platform:cluster.viewers":            {"platform:cluster.viewers[0]", "role/other"},
		"platform:cluster.publicAccessCidrs":  {"platform:cluster.publicAccessCidrs[0]", "198.51.100.0/24"},
		// The instance types change with the architecture. TestNodesOfAnotherArchitectureHaveItsImage tests it alone.
		ofKind + ".architecture": {
			kind, map[string]any{"instanceTypes": []any{"t3.large"}, "architecture": "amd64", "min": 1, "max": 2},
		},
		ofKind + ".instanceTypes":   {kind + ".instanceTypes[1]", "m7g.large"},
		ofKind + ".capacity":        {kind + ".capacity", "onDemand"},
		ofKind + ".min":             {kind + ".min", 3},
		ofKind + ".max":             {kind + ".max", 5},
		ofKind + ".diskGiB":         {kind + ".diskGiB", 30},
		ofKind + ".labels":          {kind + ".labels.a", "c"},
		ofKind + ".taints[*].key":   {kind + ".taints[0].key", "c"},
		ofKind + ".taints[*].value": {kind + ".taints[0].value", "c"},
		ofKind + ".taints[*].effect": {
			kind + ".taints[1]", map[string]any{"key": "c", "effect": "PreferNoSchedule"},
		},
		ofAddon + ".version":                    {addon + ".version", "v1.0.1-eksbuild.1"},
		ofAddon + ".values":                     {addon + ".values.a", "c"},
		ofAddon + ".role.namespace":             {addon + ".role.namespace", "default"},
		ofAddon + ".role.serviceAccount":        {addon + ".role.serviceAccount", "c"},
		"platform:images.registry":              {"platform:images.registry", "public.ecr.aws/b"},
		"platform:environment.protect":          {"platform:environment.protect", true},
		"platform:database.instanceClass":       {"platform:database.instanceClass", "db.t4g.small"},
		"platform:database.multiAz":             {"platform:database.multiAz", true},
		"platform:database.storageGiB":          {"platform:database.storageGiB", 30},
		"platform:database.maxStorageGiB":       {"platform:database.maxStorageGiB", 200},
		"platform:database.backupRetentionDays": {"platform:database.backupRetentionDays", 8},
		"platform:database.parameters":          {"platform:database.parameters.max_connections", "60"},
		"platform:cache.version":                {"platform:cache.version", "8.1"},
		"platform:cache.nodeType":               {"platform:cache.nodeType", "cache.t4g.small"},
		"platform:cache.replicas":               {"platform:cache.replicas", 1},
		"platform:cache.snapshotRetentionDays":  {"platform:cache.snapshotRetentionDays", 8},
		"platform:ingress.certificateArn":       {"platform:ingress.certificateArn", certificate},
		"platform:ingress.host":                 {"platform:ingress.host", "example.com"},
		"platform:gitops.repository":            {"platform:gitops.repository", "https://example.com/b.git"},
		"platform:gitops.revision":              {"platform:gitops.revision", "release"},
		"platform:gitops.credentialsSecret":     {"platform:gitops.credentialsSecret", "b"},
		"platform:gitops.prune":                 {"platform:gitops.prune", false},
		"platform:gitops.selfHeal":              {"platform:gitops.selfHeal", false},
		"platform:gitops.highlyAvailable":       {"platform:gitops.highlyAvailable", true},
		"platform:runner.repository":            {"platform:runner.repository", "https://github.com/msur/other"},
		"platform:apps.*.path":                  {"platform:apps.baggage.path", "/other"},
		"platform:apps.*.needs":                 {"platform:apps.baggage.needs[1]", "redis"},
		ofAddon + ".role.policies":              {addon + ".role.policies[0]", "arn:aws:iam::aws:policy/C"},
	})

	return values
}

// otherPools are the other values of the pool.
func otherPools() map[string]other {
	const (
		pool   = "platform:cluster.autoscaling.services"
		ofPool = "platform:cluster.autoscaling.*"
	)

	return map[string]other{
		ofPool + ".capacities":       {pool + ".capacities[1]", "onDemand"},
		ofPool + ".instanceFamilies": {pool + ".instanceFamilies[1]", "t4g"},
		ofPool + ".instanceTypes": {
			pool, map[string]any{"instanceTypes": []any{"m7g.large"}, "maxVcpus": 16, "maxMemoryGiB": 64},
		},
		ofPool + ".maxVcpus":                {pool + ".maxVcpus", 17},
		ofPool + ".maxMemoryGiB":            {pool + ".maxMemoryGiB", 65},
		ofPool + ".maxAgeDays":              {pool + ".maxAgeDays", 8},
		ofPool + ".maxDisrupted":            {pool + ".maxDisrupted", 2},
		ofPool + ".consolidateAfterMinutes": {pool + ".consolidateAfterMinutes", 6},
		ofPool + ".labels":                  {pool + ".labels.a", "c"},
		ofPool + ".taints[*].key":           {pool + ".taints[0].key", "c"},
		ofPool + ".taints[*].value":         {pool + ".taints[0].value", "c"},
		ofPool + ".taints[*].effect":        {pool + ".taints[0].effect", "NoSchedule"},
	}
}

// A setting without effect would mislead its users.
func TestEverySettingChangesAResource(t *testing.T) {
	t.Parallel()

	tested := []string{
		// An existing VPC excludes other settings: TestAnEnvironmentUsesAnExistingVPC.
		"platform:network.existing.vpc", "platform:network.existing.publicSubnets",
		"platform:network.existing.privateSubnets", "platform:network.existing.dataSubnets",
		// Another class requires other settings: TestTheClassDecidesThePolicy.
		"platform:environment.class",
		// MySQL has only one supported version.
		"platform:database.version",
		// The engine applies the boundary, which mocks do not:
		// rehearsal/scenarios.TestAnEnvironmentIsWithinTheBoundaryOfItsAccount.
		"platform:environment.permissionsBoundary",
		// The score card reads exceptions from an output: TestTheGraphOfEachEnvironment.
		"platform:exceptions.*.reason", "platform:exceptions.*.until",
	}
	before := inputs(deploy(t, "sandbox", everySetting()))
	others := otherValues()

	for _, key := range config.Paths[settings.Settings]() {
		if slices.Contains(tested, key) {
			continue
		}

		other, known := others[key]
		require.True(t, known, "another value for %s", key)

		values := everySetting()
		maps.Copy(values, changed(t, values, other.path, other.value))

		assert.NotEqual(t, before, inputs(deploy(t, "sandbox", values)), "%s changes nothing", key)
	}

	assert.Len(t, others, len(config.Paths[settings.Settings]())-len(tested), "each value is for a setting")
}

func TestNodesOfAnotherArchitectureHaveItsImage(t *testing.T) {
	t.Parallel()

	const group = "cluster-nodes-general-a"

	deploy(t, "sandbox", nil).One(t, groupType, group).Has("amiType", "AL2023_ARM_64_STANDARD")

	other := otherValues()["platform:cluster.nodes.*.architecture"]
	deploy(t, "sandbox", withSetting(t, other.path, other.value)).
		One(t, groupType, group).Has("amiType", "AL2023_x86_64_STANDARD")
}

// The cluster component creates the roles of some essential add-ons itself. A role in the settings that it would ignore
// is refused.
func TestTheRoleOfAnEssentialAddonIsUsedOrRefused(t *testing.T) {
	t.Parallel()

	before := inputs(deploy(t, "sandbox", nil))
	role := map[string]any{"serviceAccount": "x", "policies": []any{"arn:aws:iam::aws:policy/X"}}

	for _, addon := range cluster.EssentialAddons() {
		path := "platform:cluster.addons." + addon + ".role"
		values := configuration(t, "sandbox", withSetting(t, path, role))

		if _, err := stacks.Load("sandbox", values, project, now()); err != nil {
			assert.Equal(t, path, problems(t, err)[0].Path)

			continue
		}

		assert.NotEqual(t, before, inputs(deploy(t, "sandbox", values)), "%s changes nothing", path)
	}
}

func TestTheSameSettingsGiveTheSameGraph(t *testing.T) {
	t.Parallel()

	assert.Equal(t, inputs(deploy(t, "sandbox", nil)), inputs(deploy(t, "sandbox", section(`, "nat": "single"`))))
}

// inputs returns the inputs of a graph's resources, by URN. The access entries are inputs of the cluster's component.
func inputs(g *graphtest.Graph) map[string]any {
	given := make(map[string]any)

	for _, r := range slices.Concat(g.Customs(), g.All(providerType), g.All(componentType)) {
		given[string(r.URN)] = r.Inputs.Mappable()
	}

	return given
}

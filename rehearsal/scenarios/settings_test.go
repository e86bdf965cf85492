package scenarios_test

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/launcher"
)

func TestBadSettingsAreRefusedBeforeAnythingIsCreated(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		edit    func(config)
		message string
	}{
		"a range too small":          {network("cidr", "10.10.0.0/24"), "10.10.0.0/21"},
		"staging's range":            {network("cidr", "10.20.0.0/16"), "staging has 10.20.0.0/16"},
		"one zone":                   {network("zones", []string{"a"}), "at least two zones"},
		"a zone that does not exist": {network("zones", []string{"a", "g"}), "platform:network.zones[1]"},
		"a zone that EKS refuses":    {network("zones", []string{"e", "a"}), "platform:network.zones[0]"},
		"an unknown endpoint":        {network("interfaceEndpoints", []string{"nosuch"}), "interfaceEndpoints[0]"},
		"another account": {
			func(c config) { c["aws:allowedAccountIds"] = []string{"999999999999"} }, "credentials of account 123456789012",
		},
		"a region that AWS lacks":  {func(c config) { c["aws:region"] = "us-east-9" }, "aws:region"},
		"an isolated region":       {func(c config) { c["aws:region"] = "us-iso-east-1" }, "aws-iso"},
		"an unknown NAT":           {network("nat", "double"), "single or perZone"},
		"no NAT":                   {network("nat", "none"), "public registries"},
		"a misspelled key":         {network("interfaceEndpoint", []string{"ecr.api"}), "interfaceEndpoints?"},
		"a number for a list":      {network("zones", 3), "platform:network.zones"},
		"an unknown section":       {func(c config) { c["platform:networks"] = 1 }, "platform:networks"},
		"no region":                {func(c config) { delete(c, "aws:region") }, "aws:region"},
		"a type that is too small": {general("instanceTypes", []string{"t4g.micro", "t4g.large"}), "instanceTypes[0]"},
		"a type that a zone lacks": {
			func(c config) {
				network("zones", []string{"a", "f"})(c)
				general("instanceTypes", []string{"m7g.large", "t4g.large"})(c)
			}, "every zone of the environment (not in f)",
		},
		"a version that EKS lacks": {
			set("platform:cluster", "addons", config{"coredns": config{"version": "v9.0.0-eksbuild.1"}}), "coredns.version",
		},
		"a store that a chart does not accept": {
			func(c config) { c.object("platform:apps", "flights")["needs"] = []string{"mysql", "redis"} },
			"platform:apps.flights.needs",
		},
		"another environment's tag": {tag("Environment", "staging"), "aws:defaultTags.tags.Environment"},
	}

	// All tests use one stack, so that a resource created by mistake is found.
	r := rehearse(t, repository(t), "sandbox")
	r.options.Account = "123456789012" // whatever the settings expect

	for name, test := range tests {
		r.configure(test.edit)

		printed, err := r.run("up")
		require.ErrorIs(t, err, launcher.ErrEngine, name)
		assert.Contains(t, printed, test.message, name)
		assert.Contains(t, printed, "pulumi config ", "%s: the fix is a command", name)

		_, held := r.inspect()
		assert.Empty(t, held, "%s: the account", name)
	}
}

// The program has no settings of its own, so the engine gives the tags to the provider unchecked.
func TestARefusalOfTheProviderNamesTheSetting(t *testing.T) {
	t.Parallel()

	r := rehearse(t, filepath.Join(repository(t), "stacks", "testdata", "moved"), "trial")
	r.configure(func(c config) { c["aws:defaultTags"] = config{"tags": config{"Owner": "a & b"}} })

	printed, err := r.run("preview")
	require.ErrorIs(t, err, launcher.ErrEngine)
	assert.Contains(t, printed, "aws:defaultTags.tags.Owner in Pulumi.trial.yaml")
}

// AWS accepts the longest names, descriptions and tags that the settings allow, with every allowed character.
func TestTheLongestNamesAreAccepted(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.configure(func(c config) {
		kind, service, account := strings.Repeat("k", 26), strings.Repeat("a", 27), strings.Repeat("s", 44)

		tag("Ab0 _.:/=+-@"+strings.Repeat("k", 116), strings.Repeat("v", 256))(c)
		set("platform:network", "domain", strings.Repeat(strings.Repeat("d", 60)+".", 3)+"example.com")(c)

		c.object("platform:cluster", "nodes")[kind] = config{
			"instanceTypes": []string{"t4g.large"}, "min": 1, "max": 1,
			"labels": config{"l/" + strings.Repeat("l", 61): strings.Repeat("v", 63)},
			"taints": []config{{"key": strings.Repeat("t", 63), "value": strings.Repeat("v", 63), "effect": "NoSchedule"}},
		}
		c.object("platform:cluster")["addons"] = config{"aws-ebs-csi-driver": config{
			"version": "v1.53.0-eksbuild.1",
			"role": config{
				"serviceAccount": account, "policies": []string{"arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy"},
			},
		}}
		c.object("platform:apps")[service] = config{"path": "/a", "needs": []string{"mysql", "redis"}}
	})
	r.must("up")
	r.must("destroy")
	r.gone()
}

// Neither the address range, nor the architecture, nor accelerators are special to the committed environments.
func TestOtherMachinesAndRangesAreDeployed(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	r.configure(func(c config) {
		network("cidr", "100.64.248.0/21")(c)

		c.object("platform:cluster")["nodes"] = config{
			"general": config{"instanceTypes": []string{"m7i.large"}, "architecture": "amd64", "min": 1, "max": 1},
			"gpu": config{
				"instanceTypes": []string{"g5.xlarge"}, "architecture": "amd64", "min": 0, "max": 1,
				"labels": config{"node.kubernetes.io/pool": "gpu"},
				"taints": []config{{"key": "nvidia.com/gpu", "effect": "NoSchedule"}},
			},
		}
	})
	r.must("up")
	r.must("destroy")
	r.gone()
}

// general returns an edit that sets a setting of the kind of nodes that every environment has.
func general(name string, value any) func(config) {
	return func(c config) { c.object("platform:cluster", "nodes", "general")[name] = value }
}

// tag returns an edit that sets a default tag.
func tag(name, value string) func(config) {
	return func(c config) { c.object("aws:defaultTags", "tags")[name] = value }
}

// network returns an edit that sets a setting of the network.
func network(name string, value any) func(config) {
	return set("platform:network", name, value)
}

// kinds returns the kinds of changes in alphabetical order.
func kinds(changes map[string]int) []string { return slices.Sorted(maps.Keys(changes)) }

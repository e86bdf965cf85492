package settings_test

import (
	"maps"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	eks "github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

func TestOmittedSettingsGetTheirDefaults(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, correct(), neighbours())

	require.Empty(t, problems)
	assert.Equal(t, settings.Settings{
		AWS: config.AWS{
			Region: "us-east-1",
			DefaultTags: config.DefaultTags{
				Tags: map[string]string{"Environment": "sandbox", "Project": "platform", "ManagedBy": "pulumi"},
			},
		},
		Environment: settings.Environment{Class: settings.Disposable},
		Network: settings.Network{
			CIDR:           netip.MustParsePrefix("10.10.0.0/16"),
			Zones:          []string{"a", "b"},
			NAT:            network.NATSingle,
			FlowLogTraffic: network.TrafficAll,
			Domain:         "msur-vpc.com",
		},
		Cluster: settings.Cluster{
			Version: "1.35", Admins: []settings.Principal{"role/platform-deploy"}, LogTypes: eks.LogTypes(),
			Nodes: map[string]plan.NodeKind{
				"general": {InstanceTypes: []string{"t4g.medium", "t4g.large"}, Min: 1, Max: 2},
			},
		},
		Database: settings.Database{
			Version: "8.4", InstanceClass: "db.t4g.micro", StorageGiB: 20, MaxStorageGiB: 100, BackupRetentionDays: 7,
		},
		Cache:   settings.Cache{Version: "8.2", NodeType: "cache.t4g.micro", SnapshotRetentionDays: 7},
		Ingress: settings.Ingress{Host: "flightsvc.com"},
		GitOps: settings.GitOps{
			Repository: "https://github.com/msur/platform.git", Revision: "main", Prune: true, SelfHeal: true,
		},
	}, loaded)
}

func TestConfiguredSettingsReplaceTheDefaults(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, with(t, map[string]string{
		"platform:network.nat":                `"perZone"`,
		"platform:network.domain":             `"example.com"`,
		"platform:network.flowLogTraffic":     `"REJECT"`,
		"platform:cluster.logTypes":           `["audit"]`,
		"platform:network.zones":              `["c", "a", "d"]`,
		"platform:network.interfaceEndpoints": `["ecr.api", "sts"]`,
		"aws:allowedAccountIds":               `["012345678901", 123456789012]`,
		"aws:defaultTags.tags": `{
			"Environment": "sandbox", "Project": "other", "ManagedBy": "pulumi", "CostCentre": 42
		}`,
	}), neighbours())

	require.Empty(t, problems)
	assert.Equal(t, network.NATPerZone, loaded.Network.NAT)
	assert.Equal(t, "example.com", loaded.Network.Domain)
	assert.Equal(t, network.TrafficReject, loaded.Network.FlowLogTraffic)
	assert.Equal(t, []eks.LogType{"audit"}, loaded.Cluster.LogTypes)
	assert.Equal(t, []string{"c", "a", "d"}, loaded.Network.Zones)
	assert.Equal(t, []string{"ecr.api", "sts"}, loaded.Network.InterfaceEndpoints)
	assert.Equal(t, []string{"012345678901", "123456789012"}, loaded.AllowedAccountIDs, "quoted or not")
	assert.Equal(t, "other", loaded.DefaultTags.Tags["Project"])
	assert.Equal(t, "42", loaded.DefaultTags.Tags["CostCentre"], "a tag of digits is stored as a number by the CLI")
}

func TestEverySettingDescribesWhatIsExpected(t *testing.T) {
	t.Parallel()

	for _, path := range config.Paths[settings.Settings]() {
		// Wrong values at every path are reported with the description of their key.
		assert.NotEmpty(t, settings.Keys().Expected(path), path)
	}
}

func TestKeysOfTheEngineAreIgnored(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{"pulumi:disable-default-providers": `["*"]`}), nil)
	assert.Empty(t, problems)
}

func TestEachMistakeIsOneLine(t *testing.T) {
	t.Parallel()

	values := with(t, map[string]string{
		"aws:region":            "nowhere",
		"aws:defaultTags.tags":  `{"Environment": "staging", "Project": "platform", "ManagedBy": "pulumi"}`,
		"platform:network.cidr": `["10.10.0.0/16"]`,
		"platform:network.natt": `"perZone"`,
		"platform:cluster":      `[]`,
	})

	_, problems := settings.Load(stack, values, nil)

	want := []string{
		"platform:network.natt", "aws:defaultTags.tags.Environment", "aws:region", "platform:cluster",
		"platform:network.cidr",
	}
	assert.Equal(t, want, paths(problems))

	lines := strings.Split(problems.Error(), "\n")
	require.Len(t, lines, len(want))

	for i, line := range lines {
		assert.True(t, strings.HasPrefix(line, want[i]+": got "), line)
	}
}

func TestAnInvalidValueHidesNoUnknownKey(t *testing.T) {
	t.Parallel()

	const tags = `{"Environment": "sandbox", "ManagedBy": "pulumi", `

	for path, wrong := range map[string]map[string]string{
		"platform:network.nat":         {"platform:network.nat": `[]`},
		"platform:network.zones[1]":    {"platform:network.zones": `["a", {}]`},
		"platform:network.cidr":        {"platform:network.cidr": `{}`},
		"aws:defaultTags.tags.Project": {"aws:defaultTags.tags": tags + `"Project": []}`},
		`aws:defaultTags.tags["a.b"]`:  {"aws:defaultTags.tags": tags + `"Project": "x", "a.b": []}`},
	} {
		maps.Copy(wrong, map[string]string{
			"aws:defaultTags.colour": `"red"`, "platform:network.colour": `"red"`, "platform:weather": "fine",
		})

		_, problems := settings.Load(stack, with(t, wrong), nil)
		assert.ElementsMatch(t, []string{
			path, "aws:defaultTags.colour", "platform:network.colour", "platform:weather",
		}, paths(problems))
	}
}

func TestProblemsAreSorted(t *testing.T) {
	t.Parallel()

	const times = 20

	values := config.Values{"b:x": "1", "a:x": "1", "platform:network": `{"y": 1, "x": 1, "zones": [[], {}]}`}
	_, first := settings.Load(stack, values, nil)

	assert.True(t, slices.IsSorted(paths(first)), first.Error())

	for range times {
		_, again := settings.Load(stack, values, nil)
		require.Equal(t, first, again)
	}
}

func TestShapeMistakes(t *testing.T) {
	t.Parallel()

	// The fix removes unknown keys, and values that should be objects.
	remove := func(configured, json, path, got, want string) mistake {
		return mistake{map[string]string{configured: json}, path, got, want, "'" + path + "'"}
	}
	section := func(key, text, got, want string) mistake { return remove(key, text, key, got, want) }

	const network = "platform:network"

	checkMistakes(t, map[string]mistake{
		"unknown section":             section("platform:weather", "{}", "{}", ""),
		"misspelled section":          section("platform:netwrk", "{}", "{}", "platform:network?"),
		"capitalised section":         section("platform:Network", "{}", "{}", "platform:network?"),
		"key of the provider":         section("aws:profile", "me", `"me"`, ""),
		"unknown key":                 section(network+".colour", `"red"`, `"red"`, ""),
		"unknown short key":           section(network+".xyz", `"red"`, `"red"`, ""),
		"misspelled key":              section(network+".zone", `["a"]`, `["a"]`, "platform:network.zones?"),
		"capitalised key":             section(network+".NAT", `"single"`, `"single"`, "platform:network.nat?"),
		"unknown key of the tags":     section("aws:defaultTags.tag", "{}", "{}", "aws:defaultTags.tags?"),
		"key with a dot":              remove(network+".to.day", "1", network+`["to.day"]`, "1", ""),
		"section that is a list":      section(network, "[1]", "[1]", "object"),
		"section that is a text":      section(network, "x", `"x"`, "object"),
		"section that is broken JSON": section(network, "{", `"{"`, "object"),
		"section with more after it":  section(network, "{} x", `"{} x"`, "object"),
		"tags that are a list":        section("aws:defaultTags", "[]", "[]", "object"),
	})
}

func FuzzLoadNeverPanics(f *testing.F) {
	texts := []string{
		`{}`, `[]`, `null`, `"x"`, `{"zones": [null, {"a": []}]}`, `{"": {"[": 1}}`, `{"a.b]": 1e999}`, `{} {}`,
	}
	for _, text := range texts {
		for name := range correct() {
			f.Add(name, text)
		}

		f.Add("", text)
		f.Add("platform:x[", text)
	}

	f.Fuzz(func(t *testing.T, name, text string) {
		values := correct()
		values[name] = text

		loaded, problems := settings.Load(stack, values, neighbours())
		_, again := settings.Load(stack, values, neighbours())

		assert.Equal(t, problems, again, "the same configuration has the same problems")

		if len(problems) == 0 {
			assert.True(t, loaded.Network.CIDR.IsValid())
			assert.GreaterOrEqual(t, len(loaded.Network.Zones), 2)
		}
	})
}

// A key below another object is moved to the only place that has it; with several places, nothing is guessed.
func TestAKeyInTheWrongObjectIsMoved(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, with(t, map[string]string{
		"platform:environment.nat": `"perZone"`, "platform:ingress.version": `"1"`,
	}), neighbours())

	require.Len(t, problems, 2, problems.Error())
	assert.Equal(t, "platform:environment.nat", problems[0].Path)
	assert.Contains(t, problems[0].Expected, "platform:network.nat")
	assert.Contains(t, problems[0].Fix, "--path 'platform:network.nat' perZone && ")
	assert.Equal(t, network.NATPerZone, loaded.Network.NAT, "mistakes in the value are found, too")
	assert.Equal(t, "platform:ingress.version", problems[1].Path)
	assert.NotContains(t, problems[1].Expected, "did you mean")
}

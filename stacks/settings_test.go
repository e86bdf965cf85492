package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/stacks/settings"
)

// section is the sandbox's network with one more setting, or another one.
func section(members string) map[string]string {
	return map[string]string{"platform:network": `{"cidr": "10.10.0.0/16", "zones": ["a", "b"]` + members + `}`}
}

// otherValues are, for each setting, one that the sandbox could have as well.
func otherValues() map[string]map[string]string {
	return map[string]map[string]string{
		"aws:region":            {"aws:region": "eu-west-1"},
		"aws:allowedAccountIds": {"aws:allowedAccountIds": `["` + graphtest.AccountID + `"]`},
		"aws:defaultTags.tags": {
			"aws:defaultTags": `{"tags": {"Environment": "sandbox", "Project": "other", "ManagedBy": "pulumi"}}`,
		},
		"platform:network.cidr":               network("10.30.0.0/16", `["a", "b"]`, "single"),
		"platform:network.zones":              network("10.10.0.0/16", `["a", "c"]`, "single"),
		"platform:network.nat":                section(`, "nat": "perZone"`),
		"platform:network.interfaceEndpoints": section(`, "interfaceEndpoints": ["sts"]`),
		"platform:network.domain":             section(`, "domain": "example.com"`),
	}
}

// A setting that changes nothing is dead: its users believe that it does something.
func TestNoSettingIsDead(t *testing.T) {
	t.Parallel()

	before := inputs(deploy(t, "sandbox", section("")))
	others := otherValues()

	for _, key := range settings.Keys() {
		other, known := others[key]
		require.True(t, known, "another value for %s", key)

		assert.NotEqual(t, before, inputs(deploy(t, "sandbox", other)), "%s changes nothing", key)
	}

	assert.Len(t, others, len(settings.Keys()), "each value is for a setting")
}

func TestTheSameSettingsGiveTheSameGraph(t *testing.T) {
	t.Parallel()

	assert.Equal(t, inputs(deploy(t, "sandbox", nil)), inputs(deploy(t, "sandbox", section(`, "nat": "single"`))))
}

// inputs are what a graph's resources are given, by URN.
func inputs(g *graphtest.Graph) map[string]any {
	given := make(map[string]any)

	for _, r := range append(g.Customs(), g.All(providerType)...) {
		given[string(r.URN)] = r.Inputs.Mappable()
	}

	return given
}

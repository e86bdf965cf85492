package scenarios_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBadSettingsAreRefusedBeforeAnythingIsCreated(t *testing.T) {
	t.Parallel()

	network := func(key string, value any) func(map[string]any) {
		return func(config map[string]any) { config["platform:network"].(map[string]any)[key] = value }
	}

	tests := map[string]struct {
		edit func(map[string]any)
		says string
	}{
		"a range too small":         {network("cidr", "10.10.0.0/24"), "10.10.0.0/20"},
		"staging's range":           {network("cidr", "10.20.0.0/16"), "staging has 10.20.0.0/16"},
		"one zone":                  {network("zones", []string{"a"}), "at least two zones"},
		"a zone the account lacks":  {network("zones", []string{"a", "g"}), "platform:network.zones[1]"},
		"a zone that EKS refuses":   {network("zones", []string{"e", "a"}), "platform:network.zones[0]"},
		"an unknown NAT":            {network("nat", "double"), "none, single or perZone"},
		"a misspelt key":            {network("interfaceEndpoint", []string{"ecr.api"}), "interfaceEndpoints?"},
		"a number for a list":       {network("zones", 3), "platform:network.zones"},
		"an unknown section":        {func(c map[string]any) { c["platform:netwrok"] = c["platform:network"] }, "platform:netwrok"},
		"no region":                 {func(c map[string]any) { delete(c, "aws:region") }, "aws:region"},
		"another environment's tag": {tag("Environment", "staging"), "aws:defaultTags.tags.Environment"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			r := rehearse(t, repository(t), "sandbox")
			r.configure(test.edit)

			printed, err := r.run("up")
			require.Error(t, err)
			assert.Contains(t, printed, test.says)
			assert.Contains(t, printed, "pulumi config ", "the mend is a command")

			_, held := r.inspect()
			assert.Empty(t, held, "nothing was created")
		})
	}
}

func tag(name, value string) func(map[string]any) {
	return func(config map[string]any) {
		config["aws:defaultTags"].(map[string]any)["tags"].(map[string]any)[name] = value
	}
}

// kinds returns the kinds of changes, in order.
func kinds(changes map[string]int) []string { return slices.Sorted(maps.Keys(changes)) }

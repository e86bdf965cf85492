package settings

import (
	"slices"
	"testing"

	"github.com/go-viper/mapstructure/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A setting without an entry in keys could be wrong and nobody would be told what is right.
func TestKeysAreWhatTheDecoderReads(t *testing.T) {
	t.Parallel()

	assert.Equal(t, slices.Sorted(slices.Values(leaves(t, nil))), Keys())
}

func TestEveryKeySaysWhatItWants(t *testing.T) {
	t.Parallel()

	for path, key := range keys() {
		assert.NotEmpty(t, key.wants, path)
	}
}

func TestAGivenListReplacesItsDefault(t *testing.T) {
	t.Parallel()

	l := &loader{stack: "sandbox", settings: Defaults()}
	l.settings.Network.Zones = []string{"x", "y", "z"}
	l.settings.Network.InterfaceEndpoints = []string{"sts", "ecr.api"}

	l.decode(rawValues(Config{"platform:network": `{"zones": ["a"], "interfaceEndpoints": []}`}))

	require.Empty(t, l.problems)
	assert.Equal(t, []string{"a"}, l.settings.Network.Zones)
	assert.Empty(t, l.settings.Network.InterfaceEndpoints)
}

// leaves returns the paths below parent that the decoder reads and that hold no other paths.
func leaves(t *testing.T, parent []string) []string {
	t.Helper()

	raw := make(map[string]any)
	innermost := raw

	for _, step := range parent {
		inner := make(map[string]any)
		innermost[step] = inner
		innermost = inner
	}

	var (
		read     Settings
		metadata mapstructure.Metadata
		found    []string
	)

	if strictly(raw, &read, &metadata) == nil {
		for _, unset := range metadata.Unset {
			if below(unset, parent) {
				found = append(found, leaves(t, steps(unset))...)
			}
		}
	}

	if len(found) == 0 {
		return []string{(&loader{}).path(parent)}
	}

	return found
}

// below reports whether the path leads to a member of what the steps lead to.
func below(path string, parent []string) bool {
	parts := steps(path)

	return len(parts) == len(parent)+1 && slices.Equal(parts[:len(parent)], parent)
}

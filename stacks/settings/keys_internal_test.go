package settings

import (
	"slices"
	"strings"
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

// leaves returns the paths below parent that the decoder reads and that hold no other paths, with a * for each name
// that a person chooses and for each index.
func leaves(t *testing.T, parent []string) []string {
	t.Helper()

	for _, object := range [][]string{parent, append(slices.Clone(parent), anyStep), append(slices.Clone(parent), first)} {
		var found []string
		for _, member := range members(object) {
			found = append(found, leaves(t, steps(member))...)
		}

		if len(found) > 0 {
			return found
		}
	}

	return []string{strings.ReplaceAll((&loader{}).path(parent), "."+first, "["+anyStep+"]")}
}

// first is the index of an element.
const first = "0"

// members returns the paths that the decoder reads in an object.
func members(object []string) []string {
	var (
		read     Settings
		metadata mapstructure.Metadata
	)

	raw, _ := nested(object, map[string]any{}).(map[string]any)
	if strictly(raw, &read, &metadata) != nil {
		return nil
	}

	return slices.DeleteFunc(metadata.Unset, func(path string) bool { return !below(path, object) })
}

// nested is a value with another one where the steps lead.
func nested(steps []string, value any) any {
	for _, step := range slices.Backward(steps) {
		if step == first {
			value = []any{value}
		} else {
			value = map[string]any{step: value}
		}
	}

	return value
}

// below reports whether the path leads to a member of what the steps lead to.
func below(path string, parent []string) bool {
	parts := steps(path)

	return len(parts) == len(parent)+1 && slices.Equal(parts[:len(parent)], parent)
}

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

func TestAWSAcceptsEveryCommandOfTheAWSCLI(t *testing.T) {
	t.Parallel()

	known, err := readAPIs(extract)
	require.NoError(t, err)

	parts, err := repositoryParts(t.Context(), root)
	require.NoError(t, err)

	for _, problem := range known.checkAll(parts) {
		assert.NoError(t, problem)
	}
}

func TestEachRecordedOperationIsUsed(t *testing.T) {
	t.Parallel()

	known, err := readAPIs(extract)
	require.NoError(t, err)

	parts, err := repositoryParts(t.Context(), root)
	require.NoError(t, err)

	used := map[string]bool{}

	for _, p := range parts {
		for _, c := range p.commands() {
			used[c.name()] = true

			if waiter, waits := c.waiter(); waits {
				used[c.service+" "+known.Waiters[c.service+" "+waiter]] = true
			}
		}
	}

	for name := range known.Operations {
		assert.Contains(t, used, name, "run make generate")
	}
}

// On a machine without the SDK's module, this test downloads 36 MB.
func TestTheRecordedModelsAreThoseOfTheSDK(t *testing.T) {
	t.Parallel()

	if testing.Short() {
		t.Skip("downloads 36 MB of AWS's API models: run make builds")
	}

	parts, err := repositoryParts(t.Context(), root)
	require.NoError(t, err)

	used, err := usedAPIs(t.Context(), root, parts)
	require.NoError(t, err)

	text, err := used.encode()
	require.NoError(t, err)
	assert.Equal(t, string(text), string(extract), "run make generate")
}

package e2e_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// provider is the variable that chooses the Kubernetes provider, and simulated chooses the simulated one.
const (
	provider  = "KUBERNETES_PROVIDER"
	simulated = provider + "="
)

// isReal reports whether the scenarios run with the real Kubernetes provider.
func isReal() bool { return os.Getenv(provider) == "real" }

// takenOver deploys the environment with the simulated provider. The real one takes over its state without a change.
func (e *environment) takenOver() {
	e.t.Helper()
	e.must("up", simulated)
	e.unchanged()
}

// unchanged previews, and expects no change.
func (e *environment) unchanged() {
	e.t.Helper()

	printed := e.must("preview")
	for _, change := range []string{"to create", "to update", "to replace", "to delete"} {
		assert.NotContains(e.t, printed, change)
	}

	assert.Contains(e.t, printed, "unchanged")
}

// States that were recorded before the simulated provider stored what the real one needs get it from a refresh.
func TestTheRealProviderTakesOverRecordedStates(t *testing.T) {
	t.Parallel()

	if !isReal() {
		t.Skip("run make e2e KUBERNETES_PROVIDER=real")
	}

	recordings, err := filepath.Glob("../rehearsal/scenarios/testdata/recorded/*/*")
	require.NoError(t, err)
	require.NotEmpty(t, recordings)

	for _, folder := range recordings {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()

			e := prepare(t, filepath.Base(folder))
			e.restore(folder)
			e.must("up", simulated, noPlane)
			e.must("refresh", simulated, noPlane)
			e.startPlane()
			e.unchanged()
		})
	}
}

// noPlane makes the simulated account hold the objects in clusters.
const noPlane = "REHEARSAL_CONTROL_PLANE="

// restore restores the state and the account of a recording.
func (e *environment) restore(folder string) {
	e.t.Helper()

	folder, err := filepath.Abs(folder)
	require.NoError(e.t, err)

	printed, err := e.rehearse("pulumi stack import --file "+filepath.Join(folder, "state.json")+"\n", "shell", simulated,
		noPlane)
	require.NoError(e.t, err, "%s", printed)

	account, err := os.ReadFile(filepath.Join(folder, "account.json"))
	require.NoError(e.t, err)
	require.NoError(e.t, os.WriteFile(filepath.Join(e.base, "account", "123456789012.json"), account, 0o600))
}

package scenarios_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// record names what is recorded, where anything is: `make record VERSION=…` gives it.
var record = flag.String("record", "", "record both environments, under this name")

// recordings holds, for each name, a folder for each stack: what the engine knew, and what the account held.
const recordings = "testdata/recorded"

// What was once deployed is upgraded by the program of today, and nothing that holds data is replaced.
func TestARecordedEnvironmentIsUpgraded(t *testing.T) {
	t.Parallel()

	folders, err := filepath.Glob(filepath.Join(recordings, "*", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, folders)

	for _, folder := range folders {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()

			r := rehearse(t, repository(t), filepath.Base(folder))
			r.restore(folder)

			before := r.ids()
			require.NotEmpty(t, before)
			r.must("up")
			assert.Equal(t, before, r.ids())
		})
	}
}

func TestRecordBothEnvironments(t *testing.T) {
	t.Parallel()

	if *record == "" {
		return
	}

	for _, stack := range []string{"sandbox", "staging"} {
		r := rehearse(t, repository(t), stack)
		r.must("up")
		r.keep(filepath.Join(recordings, *record, stack))
	}
}

// keep records the rehearsal in a folder.
func (r *rehearsal) keep(folder string) {
	r.t.Helper()

	exported := filepath.Join(r.t.TempDir(), "state.json")
	r.shell("pulumi stack export --file " + exported)

	var deployed any

	text, err := os.ReadFile(exported)
	require.NoError(r.t, err)
	require.NoError(r.t, json.Unmarshal(text, &deployed))

	text, err = json.Marshal(withoutSource(deployed))
	require.NoError(r.t, err)
	require.NoError(r.t, os.MkdirAll(folder, 0o755))
	require.NoError(r.t, os.WriteFile(filepath.Join(folder, "state.json"), text, 0o600))

	text, err = os.ReadFile(r.accountFile())
	require.NoError(r.t, err)
	require.NoError(r.t, os.WriteFile(filepath.Join(folder, "account.json"), text, 0o600))
}

// withoutSource drops where in the program each resource was declared: it is most of an export.
func withoutSource(value any) any {
	switch value := value.(type) {
	case map[string]any:
		delete(value, "sourcePosition")
		delete(value, "stackTrace")

		for key, inner := range value {
			value[key] = withoutSource(inner)
		}
	case []any:
		for i, inner := range value {
			value[i] = withoutSource(inner)
		}
	}

	return value
}

// restore begins a rehearsal with what was recorded in a folder.
func (r *rehearsal) restore(folder string) {
	r.t.Helper()

	folder, err := filepath.Abs(folder)
	require.NoError(r.t, err)
	r.shell("pulumi stack import --file " + filepath.Join(folder, "state.json"))

	held, err := os.ReadFile(filepath.Join(folder, "account.json"))
	require.NoError(r.t, err)
	require.NoError(r.t, os.WriteFile(r.accountFile(), held, 0o600))
}

// accountFile is where the simulated account is kept.
func (r *rehearsal) accountFile() string {
	return filepath.Join(r.options.Folders.Base, "account", "account.json")
}

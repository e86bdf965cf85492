package scenarios_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// record is the name of a new recording. `make record VERSION=…` sets it.
var record = flag.String("record", "", "record each environment under this name")

// recordings has a folder for each name, and in it a folder for each stack, with its state and its account.
const recordings = "testdata/recorded"

// The program upgrades environments that earlier versions deployed, and replaces nothing that holds data.
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

			before := r.protectedIDs()
			require.NotEmpty(t, before)
			r.must("up")
			assert.Equal(t, before, r.protectedIDs())
		})
	}
}

func TestRecordEachEnvironment(t *testing.T) {
	t.Parallel()

	if *record == "" {
		return
	}

	files, err := filepath.Glob(filepath.Join(repository(t), "Pulumi.*.yaml"))
	require.NoError(t, err)

	for _, file := range files {
		stack := strings.Split(filepath.Base(file), ".")[1]
		r := rehearse(t, repository(t), stack)
		r.must("up")
		r.record(filepath.Join(recordings, *record, stack))
	}
}

// record records the rehearsal in a folder.
func (r *rehearsal) record(folder string) {
	r.t.Helper()

	exported := filepath.Join(r.t.TempDir(), "state.json")
	r.shell("pulumi stack export --file " + exported)

	var state any

	text, err := os.ReadFile(exported)
	require.NoError(r.t, err)
	require.NoError(r.t, json.Unmarshal(text, &state))

	text, err = json.Marshal(withoutSource(state))
	require.NoError(r.t, err)
	require.NoError(r.t, os.MkdirAll(folder, 0o755))
	require.NoError(r.t, os.WriteFile(filepath.Join(folder, "state.json"), text, 0o600))

	text, err = os.ReadFile(r.accountFile())
	require.NoError(r.t, err)
	require.NoError(r.t, os.WriteFile(filepath.Join(folder, "account.json"), text, 0o600))
}

// withoutSource removes the positions of resources in the program, which make up most of an export.
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

// restore starts the rehearsal from the recording in a folder.
func (r *rehearsal) restore(folder string) {
	r.t.Helper()

	folder, err := filepath.Abs(folder)
	require.NoError(r.t, err)
	r.shell("pulumi stack import --file " + filepath.Join(folder, "state.json"))

	held, err := os.ReadFile(filepath.Join(folder, "account.json"))
	require.NoError(r.t, err)
	require.NoError(r.t, os.WriteFile(r.accountFile(), held, 0o600))
}

// accountFile returns the file of the simulated account.
func (r *rehearsal) accountFile() string {
	return filepath.Join(r.options.Folders.Base, "account", "123456789012.json")
}

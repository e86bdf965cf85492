package launcher

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
)

func TestATornCheckpointGivesWayToTheOneBefore(t *testing.T) {
	t.Parallel()

	const whole = `{"version": 3, "checkpoint": {"latest": {"resources": [{"urn": "one", "type": "a:b:C"}]}}}`

	tests := map[string]struct {
		files    map[string]string
		held     bool
		restored bool
		fails    bool
	}{
		"whole":                {files: map[string]string{"": whole, ".bak": "older"}},
		"torn":                 {files: map[string]string{"": whole[:20], ".bak": whole}, restored: true},
		"empty":                {files: map[string]string{"": "", ".bak": whole}, restored: true},
		"gone":                 {files: map[string]string{".bak": whole}, restored: true},
		"never made":           {},
		"lost, and no matter":  {files: map[string]string{"": ""}},
		"lost, and it matters": {files: map[string]string{"": "", ".bak": ""}, held: true, fails: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := newTestSession(t, test.held)
			require.NoError(t, os.MkdirAll(filepath.Dir(s.checkpointFile()), 0o700))

			for suffix, text := range test.files {
				write(t, s.checkpointFile()+suffix, text)
			}

			restored, err := s.restoreCheckpoint()
			assert.Equal(t, test.restored, restored)

			if test.fails {
				require.ErrorContains(t, err, "make clean")

				return
			}

			require.NoError(t, err)

			known, err := s.State()
			require.NoError(t, err)
			assert.Equal(t, slices.Contains(slices.Collect(maps.Values(test.files)), whole), len(known.Resources) == 1)
		})
	}
}

// The backend writes them in place: a kill may leave one empty, and the file that it is of is not read any more.
func TestTornAttributesAreForgotten(t *testing.T) {
	t.Parallel()

	s := newTestSession(t, false)
	locks := filepath.Join(s.options.Folders.state(), ".pulumi", "locks", "organization", "p", "s")

	for _, folder := range []string{filepath.Dir(s.checkpointFile()), locks} {
		require.NoError(t, os.MkdirAll(folder, 0o700))
		write(t, filepath.Join(folder, "empty.json.attrs"), "")
		write(t, filepath.Join(folder, "torn.json.attrs"), `{"user.cache_con`)
		write(t, filepath.Join(folder, "whole.json.attrs"), `{"user.metadata": null}`)
	}

	_, err := s.restoreCheckpoint()
	require.NoError(t, err)

	for _, folder := range []string{filepath.Dir(s.checkpointFile()), locks} {
		assert.NoFileExists(t, filepath.Join(folder, "empty.json.attrs"))
		assert.NoFileExists(t, filepath.Join(folder, "torn.json.attrs"))
		assert.FileExists(t, filepath.Join(folder, "whole.json.attrs"))
	}
}

// newTestSession has an account in memory, which may hold something of the stack.
func newTestSession(t *testing.T, held bool) *Session {
	t.Helper()

	memory, err := account.Open("")
	require.NoError(t, err)

	if held {
		require.NoError(t, memory.Change(func(transaction *account.Transaction) error {
			transaction.Put(account.Resource{
				Key: account.Key{Type: "a:b:C", ID: "1"}, URN: "urn:pulumi:s::p::a:b:C::one",
			})

			return nil
		}))
	}

	return &Session{
		options: Options{Folders: ProjectFolders(t.TempDir()), Stack: "s"},
		project: project{name: "p"},
		account: memory,
	}
}

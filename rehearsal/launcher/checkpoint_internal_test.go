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

func TestABrokenCheckpointIsReplacedByThePreviousOne(t *testing.T) {
	t.Parallel()

	const complete = `{"version": 3, "checkpoint": {"latest": {"resources": [{"urn": "one", "type": "a:b:C"}]}}}`

	tests := map[string]struct {
		files    map[string]string
		inUse    bool
		restored bool
		fails    bool
	}{
		"complete":                          {files: map[string]string{"": complete, ".bak": "older"}},
		"truncated":                         {files: map[string]string{"": complete[:20], ".bak": complete}, restored: true},
		"empty":                             {files: map[string]string{"": "", ".bak": complete}, restored: true},
		"missing":                           {files: map[string]string{".bak": complete}, restored: true},
		"of no stack":                       {},
		"unreadable, with an empty account": {files: map[string]string{"": ""}},
		"unreadable, with resources in the account": {files: map[string]string{"": "", ".bak": ""}, inUse: true, fails: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := newTestSession(t, test.inUse)
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
			assert.Equal(t, slices.Contains(slices.Collect(maps.Values(test.files)), complete), len(known.Resources) == 1)
		})
	}
}

// The backend writes attribute files in place. It refuses to read the file beside a truncated one.
func TestTruncatedAttributeFilesAreRemoved(t *testing.T) {
	t.Parallel()

	s := newTestSession(t, false)
	locks := filepath.Join(s.options.Folders.state(), ".pulumi", "locks", "organization", "p", "s")

	for _, folder := range []string{filepath.Dir(s.checkpointFile()), locks} {
		require.NoError(t, os.MkdirAll(folder, 0o700))
		write(t, filepath.Join(folder, "empty.json.attrs"), "")
		write(t, filepath.Join(folder, "truncated.json.attrs"), `{"user.cache_con`)
		write(t, filepath.Join(folder, "complete.json.attrs"), `{"user.metadata": null}`)
	}

	_, err := s.restoreCheckpoint()
	require.NoError(t, err)

	for _, folder := range []string{filepath.Dir(s.checkpointFile()), locks} {
		assert.NoFileExists(t, filepath.Join(folder, "empty.json.attrs"))
		assert.NoFileExists(t, filepath.Join(folder, "truncated.json.attrs"))
		assert.FileExists(t, filepath.Join(folder, "complete.json.attrs"))
	}
}

// newTestSession returns a session with an account in memory, which contains a resource of the stack if it is in use.
func newTestSession(t *testing.T, inUse bool) *Session {
	t.Helper()

	memory, err := account.Open("")
	require.NoError(t, err)

	if inUse {
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

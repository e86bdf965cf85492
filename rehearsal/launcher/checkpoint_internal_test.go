package launcher

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATornCheckpointGivesWayToTheOneBefore(t *testing.T) {
	t.Parallel()

	const whole = `{"version": 3, "checkpoint": {"latest": {"resources": [{"urn": "one", "type": "a:b:C"}]}}}`

	tests := map[string]struct {
		files    map[string]string
		restored bool
		fails    bool
	}{
		"whole":                {files: map[string]string{"": whole, ".bak": "older"}},
		"torn":                 {files: map[string]string{"": whole[:20], ".bak": whole}, restored: true},
		"empty":                {files: map[string]string{"": "", ".bak": whole}, restored: true},
		"gone":                 {files: map[string]string{".bak": whole}, restored: true},
		"never made":           {},
		"torn, and the former": {files: map[string]string{"": "", ".bak": ""}, fails: true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := &Session{options: Options{Folders: ProjectFolders(t.TempDir()), Stack: "s"}, project: project{name: "p"}}
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
			assert.Equal(t, len(test.files) > 0, len(known.Resources) == 1)
		})
	}
}

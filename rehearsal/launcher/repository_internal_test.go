package launcher

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheRepositoryOfAProjectIsTheFolderAboveItWithGit(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	project := filepath.Join(folder, "infra", "bootstrap")
	require.NoError(t, os.MkdirAll(project, 0o750))
	assert.Equal(t, project, repository(project), "outside of git")

	require.NoError(t, os.WriteFile(filepath.Join(folder, ".git"), nil, 0o600), "a work tree has a file")
	assert.Equal(t, folder, repository(project))
	assert.Equal(t, folder, repository(folder))
}

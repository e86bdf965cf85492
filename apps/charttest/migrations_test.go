package charttest_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/msur/platform/apps/chassis/mysql/migrate/compatible"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A chart migrates before it replaces pods, and a revert undoes no migration.
func TestThePreviousReleaseSurvivesEveryMigration(t *testing.T) {
	t.Parallel()

	found, err := filepath.Glob(filepath.Join(apps, "*", "service", "migrations"))
	require.NoError(t, err)
	require.NotEmpty(t, found)

	for _, folder := range found {
		assert.NoError(t, compatible.Check(os.DirFS(folder)), folder)
	}
}

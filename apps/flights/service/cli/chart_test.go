package cli_test

import (
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/mysql/migrate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheMigrationGivesUpBeforeItsJobIsKilled(t *testing.T) {
	t.Parallel()

	chart, err := os.ReadFile("../../chart/templates/migration.yaml")
	require.NoError(t, err)

	found := regexp.MustCompile(`activeDeadlineSeconds: (\d+)`).FindSubmatch(chart)
	require.NotNil(t, found)

	seconds, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	assert.Less(t, migrate.Timeout, time.Duration(seconds)*time.Second)
}

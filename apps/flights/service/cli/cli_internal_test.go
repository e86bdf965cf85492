package cli

import (
	"context"
	"log/slog"
	"net"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/mysqltest"
)

// A database that takes a connection, and then says nothing.
func TestADatabaseThatHangsHoldsNoCommand(t *testing.T) {
	t.Parallel()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })

	environ := mysqltest.Server{Address: listener.Addr().String()}.Environ()

	for _, run := range []action{migrations, seeding} {
		err := within(50*time.Millisecond, run)(t.Context(), slog.New(slog.DiscardHandler), environ)

		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorContains(t, err, "giving up after 50ms")
	}
}

func TestAMigrationGivesUpBeforeItsJobIsKilled(t *testing.T) {
	t.Parallel()

	chart, err := os.ReadFile("../../chart/templates/migration.yaml")
	require.NoError(t, err)

	found := regexp.MustCompile(`activeDeadlineSeconds: (\d+)`).FindSubmatch(chart)
	require.NotNil(t, found)

	seconds, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	assert.Less(t, migrationTime, time.Duration(seconds)*time.Second)
}

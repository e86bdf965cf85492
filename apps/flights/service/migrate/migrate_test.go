package migrate_test

import (
	"context"
	"database/sql"
	"log/slog"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/msur/platform/apps/flights/service/migrate"
	"github.com/msur/platform/apps/flights/service/mysql"
	"github.com/msur/platform/apps/flights/service/mysqltest"
)

const user = "flights"

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// versions counts how often the migration was applied.
func versions(t *testing.T, admin *sql.DB) int {
	t.Helper()

	var count int
	require.NoError(t, admin.QueryRowContext(t.Context(),
		"SELECT COUNT(*) FROM flights_migrations WHERE version_id = 1").Scan(&count))

	return count
}

func TestTenAtOnceMigrateOnce(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)

	var replicas errgroup.Group

	for range 10 {
		admin := server.Open(t, mysqltest.Admin) // each has a pool of its own, as each is a process

		replicas.Go(func() error { return migrate.Run(t.Context(), admin, server.Config(user), discard()) })
	}

	require.NoError(t, replicas.Wait())
	assert.Equal(t, 1, versions(t, server.Open(t, mysqltest.Admin)))
}

func TestMigratingAgainChangesNothingAndKeepsTheRows(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	admin := server.Open(t, mysqltest.Admin)
	require.NoError(t, migrate.Run(t.Context(), admin, server.Config(user), discard()))

	_, err := server.Open(t, user).ExecContext(t.Context(),
		"INSERT INTO seat_maps VALUES ('AA1', '{}', 'LAX', 'DCA')")
	require.NoError(t, err)

	require.NoError(t, migrate.Run(t.Context(), admin, server.Config(user), discard()))
	assert.Equal(t, 1, versions(t, admin))

	var count int
	require.NoError(t, admin.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM seat_maps").Scan(&count))
	assert.Equal(t, 1, count)
}

func TestMigratingAgainChangesThePassword(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	admin := server.Open(t, mysqltest.Admin)
	require.NoError(t, migrate.Run(t.Context(), admin, server.Config(user), discard()))

	changed := server.Config(user)
	changed.Password = config.NewSecret(`it's "new" \ 100%`)
	require.NoError(t, migrate.Run(t.Context(), admin, changed, discard()))

	require.NoError(t, mysqltest.Open(t, changed).PingContext(t.Context()))
	require.ErrorContains(t, server.Open(t, user).PingContext(t.Context()), "Access denied")
}

func TestWithTLSTheUserMustUseIt(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	withTLS := server.Config(user)
	withTLS.TLS = true

	require.NoError(t, migrate.Run(t.Context(), server.Open(t, mysqltest.Admin), withTLS, discard()))
	assert.ErrorContains(t, server.Open(t, user).PingContext(t.Context()), "Access denied")
}

func TestWhoWaitsForTheLockCanBeCalledOff(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	admin := server.Open(t, mysqltest.Admin)

	holder, err := admin.Conn(t.Context())
	require.NoError(t, err)

	defer holder.Close()

	_, err = holder.ExecContext(t.Context(), "DO GET_LOCK('migrate "+mysqltest.Database+"', 1)")
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(t.Context())
	waiter := make(chan error, 1)

	go func() { waiter <- migrate.Run(ctx, admin, server.Config(user), discard()) }()

	require.Eventually(t, func() bool {
		var waiting int

		return admin.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM information_schema.processlist
WHERE info LIKE 'SELECT GET_LOCK%'`).Scan(&waiting) == nil && waiting == 1
	}, waitFor, tick)

	cancel()
	assert.ErrorIs(t, <-waiter, context.Canceled)
}

func TestTheStatementOfAnIAMUserNamesThePluginOfRDS(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	iam := server.Config(user)
	iam.Auth, iam.TLS = mysql.AuthIAM, true

	err := migrate.Run(t.Context(), server.Open(t, mysqltest.Admin), iam, discard())

	require.ErrorContains(t, err, "making the user flights")
	assert.ErrorContains(t, err, "AWSAuthenticationPlugin", "MariaDB has no such plugin, and says so")
}

const (
	waitFor = 30 * time.Second
	tick    = 5 * time.Millisecond
)

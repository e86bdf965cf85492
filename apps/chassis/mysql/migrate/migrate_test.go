package migrate_test

import (
	"context"
	"database/sql"
	"log/slog"
	"net"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/mysql/migrate"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/msur/platform/apps/chassis/stores"
)

// The service, its database, and the longest that a test waits.
const (
	user     = "shop"
	database = "shop_db"
	patience = 30 * time.Second
)

// migration creates two tables.
func migration() migrate.Migration {
	return migrate.Migration{
		Database: database, Applied: "shop_migrations", Tables: []string{"orders", "items"},
		Files: fstest.MapFS{"00001_shop.sql": {Data: []byte(`-- +goose Up
CREATE TABLE orders (id VARCHAR(10) NOT NULL PRIMARY KEY, buyer VARCHAR(10) NOT NULL);
CREATE TABLE items (id VARCHAR(10) NOT NULL PRIMARY KEY);
`)}},
	}
}

// mariaDB starts a server with the service's database.
func mariaDB(t *testing.T) *mysqltest.MariaDB {
	t.Helper()

	return mysqltest.Real(t, user, database)
}

// run migrates as the admin.
func run(ctx context.Context, server mysqltest.Server, service mysql.Config) error {
	admin := server.Config(mysqltest.Admin)
	admin.Database = service.Database

	return migration().Run(ctx, admin, service, slog.New(slog.DiscardHandler))
}

// count returns the result of a SELECT COUNT(*).
func count(t *testing.T, db *sql.DB, query string) int {
	t.Helper()

	var n int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+query).Scan(&n))

	return n
}

func TestTenMigrationsAtATimeApplyEachFileOnce(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)

	var replicas errgroup.Group

	for range 10 {
		replicas.Go(func() error { return run(t.Context(), server.Server, server.Config(user)) })
	}

	require.NoError(t, replicas.Wait())
	assert.Equal(t, 1, count(t, server.Open(t, mysqltest.Admin), "shop_migrations WHERE version_id = 1"))
}

func TestTheMigrationCreatesTheDatabase(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)
	service := server.Config(user)
	service.Database = "its-own"

	require.NoError(t, run(t.Context(), server.Server, service))
	mysqltest.Execute(t, mysqltest.Open(t, service), "INSERT INTO items VALUES ('a')")
	require.ErrorContains(t, server.Open(t, user).PingContext(t.Context()), "denied", "no other database")
}

func TestASecondMigrationChangesNothing(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)
	require.NoError(t, run(t.Context(), server.Server, server.Config(user)))
	mysqltest.Execute(t, server.Open(t, user), "INSERT INTO items VALUES ('a')")

	require.NoError(t, run(t.Context(), server.Server, server.Config(user)))

	admin := server.Open(t, mysqltest.Admin)
	assert.Equal(t, 1, count(t, admin, "shop_migrations WHERE version_id = 1"))
	assert.Equal(t, 1, count(t, admin, "items"))
}

func TestASecondMigrationUpdatesThePassword(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)
	require.NoError(t, run(t.Context(), server.Server, server.Config(user)))

	changed := server.Config(user)
	changed.Password = config.NewSecret(`it's "new" \ 100%`)
	require.NoError(t, run(t.Context(), server.Server, changed))

	require.NoError(t, mysqltest.Open(t, changed).PingContext(t.Context()))
	require.ErrorContains(t, server.Open(t, user).PingContext(t.Context()), "Access denied")
}

func TestWithTLSTheUserMustUseIt(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)
	withTLS := server.Config(user)
	withTLS.TLS = true

	require.NoError(t, run(t.Context(), server.Server, withTLS))
	assert.ErrorContains(t, server.Open(t, user).PingContext(t.Context()), "Access denied")
}

func TestAMigrationThatWaitsForTheLockCanBeCancelled(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)
	admin := server.Open(t, mysqltest.Admin)

	holder, err := admin.Conn(t.Context())
	require.NoError(t, err)

	defer holder.Close()

	_, err = holder.ExecContext(t.Context(), "DO GET_LOCK('migrate "+database+"', 1)")
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)

	go func() { result <- run(ctx, server.Server, server.Config(user)) }()

	require.Eventually(t, func() bool {
		return count(t, admin, "information_schema.processlist WHERE info LIKE 'SELECT GET_LOCK%'") == 1
	}, patience, 5*time.Millisecond)

	cancel()
	assert.ErrorIs(t, <-result, context.Canceled)
}

func TestAMigrationEndsWhenTheDatabaseDoesNotAnswer(t *testing.T) {
	t.Parallel()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { listener.Close() })

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()

	server := mysqltest.Server{Address: listener.Addr().String(), User: user, Database: database}
	require.ErrorIs(t, run(ctx, server, server.Config(user)), context.DeadlineExceeded)
}

func TestAnIAMUserIsCreatedWithThePluginOfRDS(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)
	iam := server.Config(user)
	iam.Auth, iam.TLS = stores.AuthIAM, true

	err := run(t.Context(), server.Server, iam)

	require.ErrorContains(t, err, "the user shop")
	assert.ErrorContains(t, err, "AWSAuthenticationPlugin", "MariaDB lacks the plugin, and its error names it")
}

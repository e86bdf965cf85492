package mysql_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/msur/platform/apps/chassis/stores"
)

func scan(rows *sql.Rows) error {
	var value string

	return rows.Scan(&value)
}

// query queries the orders as a user, and returns how many failures the store has counted.
func query(t *testing.T, server mysqltest.Server, user, database string) (int, error) {
	t.Helper()

	cfg := server.Config(user)
	cfg.Database = database
	failed := 0
	store := mysql.NewStore(mysqltest.Open(t, cfg), 1, func() { failed++ })
	err := store.Query(t.Context(), scan, "SELECT buyer FROM orders")

	return failed, err
}

func TestTemporaryErrorsMeanThatTheStoreIsUnavailable(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t, "shop", "shop")
	admin := server.Open(t, mysqltest.Admin)
	mysqltest.Execute(t, admin, "CREATE DATABASE empty", "CREATE USER stranger IDENTIFIED BY 'stranger'",
		"CREATE USER guest IDENTIFIED BY 'guest'", "GRANT CREATE ON *.* TO guest",
		"CREATE USER one IDENTIFIED BY 'one' WITH MAX_USER_CONNECTIONS 1",
		"CREATE USER rare IDENTIFIED BY 'rare' WITH MAX_CONNECTIONS_PER_HOUR 1")

	for _, user := range []string{"one", "rare"} {
		cfg := server.Config(user)
		cfg.Database = ""

		held, err := mysqltest.Open(t, cfg).Conn(t.Context())
		require.NoError(t, err)
		t.Cleanup(func() { held.Close() })
	}

	for name, test := range map[string]struct{ user, database, want string }{
		"the password has changed":         {"nobody", "shop", "Error 1045"},
		"too many connections of the user": {"one", "", "Error 1226"},
		"too many connections in the hour": {"rare", "", "Error 1226"},
		"no database yet":                  {mysqltest.Admin, "absent", "Error 1049"},
		"no privileges on the database":    {"stranger", "empty", "Error 1044"},
		"no privileges on the tables":      {"guest", "empty", "Error 1142"},
		"no tables yet":                    {mysqltest.Admin, "empty", "Error 1146"},
	} {
		failed, err := query(t, server.Server, test.user, test.database)

		require.ErrorIs(t, err, stores.ErrUnavailable, name)
		require.ErrorContains(t, err, test.want, name)
		assert.Equal(t, 1, failed, name)
	}

	t.Log("one connection per user, and the guest has it")
	mysqltest.Execute(t, admin, "SET GLOBAL max_user_connections = 1")

	_, err := query(t, server.Server, "guest", "empty")
	require.ErrorIs(t, err, stores.ErrUnavailable)
	require.ErrorContains(t, err, "Error 1203")
}

func TestAnUnexpectedTableIsAMistakeInTheService(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t, "shop", "shop")
	admin := server.Open(t, mysqltest.Admin)
	mysqltest.Execute(t, admin, "CREATE TABLE orders (buyer VARCHAR(10))", "INSERT INTO orders VALUES (NULL)")

	failed, err := query(t, server.Server, mysqltest.Admin, "shop")
	require.ErrorContains(t, err, "reading a row")
	require.NotErrorIs(t, err, stores.ErrUnavailable)
	assert.Zero(t, failed)

	mysqltest.Execute(t, admin, "ALTER TABLE orders RENAME COLUMN buyer TO seller")

	failed, err = query(t, server.Server, mysqltest.Admin, "shop")
	require.ErrorContains(t, err, "Error 1054")
	require.NotErrorIs(t, err, stores.ErrUnavailable)
	assert.Equal(t, 1, failed)
}

func TestAFullPoolAndACallerWhoLeavesAreNotFailuresOfTheDatabase(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t, "shop", "shop")
	db := server.Open(t, mysqltest.Admin)
	mysqltest.Execute(t, db, "CREATE TABLE orders (buyer VARCHAR(10))")

	holder, err := db.Conn(t.Context())
	require.NoError(t, err)

	_, err = holder.ExecContext(t.Context(), "LOCK TABLES orders WRITE")
	require.NoError(t, err)

	failures := make(chan struct{}, 8)
	store := mysql.NewStore(db, 1, func() { failures <- struct{}{} })
	query := func(ctx context.Context) error { return store.Query(ctx, scan, "SELECT buyer FROM orders") }
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)

	go func() { left <- query(ctx) }()

	require.Eventually(t, func() bool { return db.Stats().InUse == 2 }, 30*time.Second, 5*time.Millisecond)
	require.ErrorContains(t, query(t.Context()), "all connections are in use")

	leave()
	require.ErrorIs(t, <-left, context.Canceled)
	assert.Empty(t, failures)

	late, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()

	require.ErrorIs(t, query(late), context.DeadlineExceeded)
	assert.Len(t, failures, 1, "a database that answers late has failed")
}

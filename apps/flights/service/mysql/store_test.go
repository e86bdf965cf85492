package mysql_test

import (
	"context"
	"database/sql"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/flights"
	"github.com/msur/platform/apps/flights/service/migrate"
	"github.com/msur/platform/apps/flights/service/mysql"
	"github.com/msur/platform/apps/flights/service/mysqltest"
)

func execute(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()

	for _, statement := range statements {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// asked is what a store answers that asks as the user given, and how many failures it has counted.
func asked(t *testing.T, server mysqltest.Server, user, database string) (int, error) {
	t.Helper()

	cfg := server.Config(user)
	cfg.Database = database
	failed := 0

	_, err := mysql.NewStore(mysqltest.Open(t, cfg), 1, func() { failed++ }).Departures(t.Context(), "AA1")

	return failed, err
}

func TestWhatPassesIsTheDatabaseNotAvailable(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	admin := server.Open(t, mysqltest.Admin)
	execute(t, admin, "CREATE DATABASE empty", "CREATE USER stranger IDENTIFIED BY 'stranger'",
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

	for name, who := range map[string]struct{ user, database, want string }{
		"no password any more":             {"nobody", mysqltest.Database, "Error 1045"},
		"too many of the user":             {"one", "", "Error 1226"},
		"too many of the user in the hour": {"rare", "", "Error 1226"},
		"no database yet":                  {mysqltest.Admin, "absent", "Error 1049"},
		"no rights on the database yet":    {"stranger", "empty", "Error 1044"},
		"no rights on the tables yet":      {"guest", "empty", "Error 1142"},
		"no tables yet":                    {mysqltest.Admin, "empty", "Error 1146"},
	} {
		failed, err := asked(t, server.Server, who.user, who.database)

		require.ErrorIs(t, err, flights.ErrUnavailable, name)
		require.ErrorContains(t, err, who.want, name)
		assert.Equal(t, 1, failed, name)
	}

	t.Log("one for each user, and the guest has it")
	execute(t, admin, "SET GLOBAL max_user_connections = 1")

	_, err := asked(t, server.Server, "guest", "empty")
	require.ErrorIs(t, err, flights.ErrUnavailable)
	require.ErrorContains(t, err, "Error 1203")
}

func TestTablesThatAreNotOursAreAMistakeAndNotTheDatabases(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	admin := server.Open(t, mysqltest.Admin)
	require.NoError(t, migrate.Apply(t.Context(), admin, slog.New(slog.DiscardHandler)))
	execute(t, admin, "ALTER TABLE seat_maps MODIFY origin_code VARCHAR(10) NULL",
		"INSERT INTO seat_maps VALUES ('AA1', '{}', NULL, 'DCA')",
		"INSERT INTO flights VALUES ('id', 'AA1', '2020-05-17 13:20')")

	failed, err := asked(t, server.Server, mysqltest.Admin, mysqltest.Database)
	require.ErrorContains(t, err, "reading a flight")
	require.NotErrorIs(t, err, flights.ErrUnavailable)
	assert.Zero(t, failed)

	execute(t, admin, "ALTER TABLE seat_maps DROP COLUMN origin_code")

	failed, err = asked(t, server.Server, mysqltest.Admin, mysqltest.Database)
	require.ErrorContains(t, err, "Error 1054")
	require.NotErrorIs(t, err, flights.ErrUnavailable)
	assert.Equal(t, 1, failed)
}

func TestWhoLeavesOrFindsThePoolFullIsNotTheDatabasesFailure(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	db := server.Open(t, mysqltest.Admin)
	require.NoError(t, migrate.Apply(t.Context(), db, slog.New(slog.DiscardHandler)))

	holder, err := db.Conn(t.Context())
	require.NoError(t, err)

	_, err = holder.ExecContext(t.Context(), "LOCK TABLES flights WRITE, seat_maps WRITE")
	require.NoError(t, err)

	failures := make(chan struct{}, 8)
	store := mysql.NewStore(db, 1, func() { failures <- struct{}{} })
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error)

	go func() {
		_, err := store.Departures(ctx, "AA1")
		left <- err
	}()

	require.Eventually(t, func() bool { return db.Stats().InUse == 2 }, waitFor, tick)

	_, err = store.Departures(t.Context(), "AA1")
	require.ErrorContains(t, err, "all connections are in use")

	leave()
	require.ErrorIs(t, <-left, context.Canceled)
	assert.Empty(t, failures)

	late, cancel := context.WithTimeout(t.Context(), tick)
	defer cancel()

	_, err = store.Departures(late, "AA1")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Len(t, failures, 1, "a database that is late has failed")
}

func TestTheFirstYearsAreTimesLikeOthers(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	db := server.Open(t, mysqltest.Admin)
	require.NoError(t, migrate.Apply(t.Context(), db, slog.New(slog.DiscardHandler)))
	execute(t, db, "INSERT INTO seat_maps VALUES ('AA1', '{}', 'LAX', 'DCA')",
		"INSERT INTO flights VALUES ('of year 1', 'AA1', '0001-01-01 00:00')",
		"INSERT INTO flights VALUES ('of year 0', 'AA1', '0000-01-01 00:00')")

	store := mysql.NewStore(db, 1, t.FailNow)

	for text, want := range map[string]string{"0001-01-01T00:00": "of year 1", "0000-01-01T00:00": "of year 0"} {
		at, err := flights.ParseTime(text)
		require.NoError(t, err)

		found, err := store.DeparturesAt(t.Context(), "AA1", at)
		require.NoError(t, err)
		assert.Equal(t, []flights.Flight{{ID: want, Origin: "LAX", Destination: "DCA"}}, found)
	}
}

const (
	waitFor = 30 * time.Second
	tick    = 5 * time.Millisecond
)

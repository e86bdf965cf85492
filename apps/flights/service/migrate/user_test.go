package migrate_test

import (
	"database/sql"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/msur/platform/apps/flights/service/migrate"
	"github.com/msur/platform/apps/flights/service/mysqltest"
)

func execute(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()

	for _, statement := range statements {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// refused asserts that the service's user may do nothing but read and write rows of its tables.
func refused(t *testing.T, server mysqltest.Server) {
	t.Helper()

	service := server.Open(t, user)

	for _, statement := range []string{
		"CREATE TABLE more (id INT)", "ALTER TABLE flights ADD COLUMN more INT", "DROP TABLE flights",
		"TRUNCATE TABLE flights", "CREATE DATABASE more", "CREATE USER more", "DELETE FROM flights_migrations",
		"SELECT * FROM mysql.user", "GRANT SELECT ON flights TO other", "CREATE INDEX more ON flights (flight_date)",
		"SET ROLE writers",
	} {
		_, err := service.ExecContext(t.Context(), statement)
		assert.Regexp(t, "denied|command denied|Invalid role", err, statement)
	}
}

func TestTheUserOfTheServiceMayOnlyReadAndWriteRows(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	require.NoError(t, migrate.Run(t.Context(), server.Open(t, mysqltest.Admin), server.Config(user), discard()))

	execute(t, server.Open(t, user), "INSERT INTO seat_maps VALUES ('AA1', '{}', 'LAX', 'DCA')",
		"UPDATE seat_maps SET origin_code = 'JFK'", "SELECT COUNT(*) FROM flights", "DELETE FROM seat_maps")
	refused(t, server.Server)
}

// The book's service logs in as somebody who may do everything.
func TestAUserOfBeforeLosesWhatElseItMayWhileTheServiceGoesOn(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	admin := server.Open(t, mysqltest.Admin)
	require.NoError(t, migrate.Apply(t.Context(), admin, discard()))
	execute(t, admin, "CREATE USER flights@'%' IDENTIFIED BY 'flights'", "CREATE USER other", "CREATE ROLE writers",
		"CREATE PROCEDURE nothing() SELECT 1", "GRANT EXECUTE ON PROCEDURE nothing TO flights@'%'",
		"GRANT INSERT ON *.* TO writers", "GRANT writers TO flights@'%' WITH ADMIN OPTION",
		"GRANT ALL ON *.* TO flights@'%' WITH GRANT OPTION", "GRANT ALL ON flights TO flights@'%' WITH GRANT OPTION",
		"GRANT ALL ON "+mysqltest.Database+".* TO flights@'%'", "GRANT UPDATE (flight_no) ON flights TO flights@'%'")

	service, asking := server.Open(t, user), make(chan struct{})
	service.SetMaxIdleConns(1) // there are connections of before, and new ones

	var done atomic.Bool

	var replicas errgroup.Group

	for range 2 {
		replicas.Go(func() error {
			for first := true; !done.Load(); first = false {
				if _, err := service.ExecContext(t.Context(), "SELECT COUNT(*) FROM flights JOIN seat_maps"); err != nil {
					return err
				}

				if first {
					asking <- struct{}{}
				}
			}

			return nil
		})
		<-asking
	}

	require.NoError(t, migrate.Run(t.Context(), admin, server.Config(user), discard()))
	done.Store(true)
	require.NoError(t, replicas.Wait())
	refused(t, server.Server)

	var count int
	require.NoError(t, admin.QueryRowContext(t.Context(), `SELECT COUNT(*) FROM information_schema.table_privileges
WHERE grantee = "'flights'@'%'"`).Scan(&count))
	assert.Equal(t, 8, count, "four rights on two tables")
}

func TestWhatCannotBeTakenFromTheUserIsNamed(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	root := server.Config("root")
	root.Password = server.Config("").Password
	execute(t, mysqltest.Open(t, root), "CREATE USER flights@'%' IDENTIFIED BY 'flights'",
		"GRANT PROXY ON root@localhost TO flights@'%'")

	err := migrate.Run(t.Context(), server.Open(t, mysqltest.Admin), server.Config(user), discard())

	require.ErrorContains(t, err, "looking at what flights may: got \"GRANT PROXY ON")
	require.ErrorContains(t, err, "revoke it as an admin")
}

func TestTheAdminIsNotTheUserOfTheService(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)
	admin := server.Open(t, mysqltest.Admin)

	err := migrate.Run(t.Context(), admin, server.Config(mysqltest.Admin), discard())

	require.ErrorContains(t, err, `MYSQL_USER: got "admin"`)
	execute(t, admin, "CREATE TABLE still (id INT)")
}

func TestTheEmbeddedDatabaseHasAUserForTheServiceToo(t *testing.T) {
	t.Parallel()

	server := mysqltest.Embedded(t)

	for range 2 {
		require.NoError(t, migrate.Run(t.Context(), server.Open(t, user), server.Config("service"), discard()))
	}

	service := server.Open(t, "service")
	execute(t, service, "SELECT COUNT(*) FROM flights")

	_, err := service.ExecContext(t.Context(), "DROP TABLE flights")
	assert.ErrorContains(t, err, "denied")
}

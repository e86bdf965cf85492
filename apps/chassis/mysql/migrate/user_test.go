package migrate_test

import (
	"log/slog"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
)

// assertOnlyRows asserts that the service's user can only read and write rows.
func assertOnlyRows(t *testing.T, server mysqltest.Server) {
	t.Helper()

	service := server.Open(t, user)

	for _, statement := range []string{
		"CREATE TABLE more (id INT)", "ALTER TABLE orders ADD COLUMN more INT", "DROP TABLE orders",
		"TRUNCATE TABLE orders", "CREATE DATABASE more", "CREATE USER more", "DELETE FROM shop_migrations",
		"SELECT * FROM mysql.user", "GRANT SELECT ON orders TO other", "CREATE INDEX more ON orders (buyer)",
		"SET ROLE writers",
	} {
		_, err := service.ExecContext(t.Context(), statement)
		assert.Regexp(t, "denied|command denied|Invalid role", err, statement)
	}
}

func TestTheUserOfTheServiceCanOnlyReadAndWriteRows(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)
	require.NoError(t, run(t.Context(), server.Server, server.Config(user)))

	mysqltest.Execute(t, server.Open(t, user), "INSERT INTO orders VALUES ('1', 'ann')",
		"UPDATE orders SET buyer = 'bob'", "SELECT COUNT(*) FROM items", "DELETE FROM orders")
	assertOnlyRows(t, server.Server)
}

// The service of the book logs in as a user with all privileges.
func TestAnOlderUserLosesItsOtherPrivilegesWhileTheServiceRuns(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)
	admin := server.Open(t, mysqltest.Admin)
	require.NoError(t, migration().Apply(t.Context(), admin, slog.New(slog.DiscardHandler)))
	mysqltest.Execute(t, admin, "CREATE USER shop@'%' IDENTIFIED BY 'shop'", "CREATE USER other", "CREATE ROLE writers",
		"CREATE PROCEDURE nothing() SELECT 1", "GRANT EXECUTE ON PROCEDURE nothing TO shop@'%'",
		"GRANT INSERT ON *.* TO writers", "GRANT writers TO shop@'%' WITH ADMIN OPTION",
		"GRANT ALL ON *.* TO shop@'%' WITH GRANT OPTION", "GRANT ALL ON orders TO shop@'%' WITH GRANT OPTION",
		"GRANT ALL ON "+database+".* TO shop@'%'", "GRANT UPDATE (buyer) ON orders TO shop@'%'")

	service, started := server.Open(t, user), make(chan struct{})
	service.SetMaxIdleConns(1) // so that the service uses old connections and new ones

	var done atomic.Bool

	var replicas errgroup.Group

	for range 2 {
		replicas.Go(func() error {
			for first := true; !done.Load(); first = false {
				if _, err := service.ExecContext(t.Context(), "SELECT COUNT(*) FROM orders JOIN items"); err != nil {
					return err
				}

				if first {
					started <- struct{}{}
				}
			}

			return nil
		})
		<-started
	}

	require.NoError(t, run(t.Context(), server.Server, server.Config(user)))
	done.Store(true)
	require.NoError(t, replicas.Wait())
	assertOnlyRows(t, server.Server)
	assert.Equal(t, 8, count(t, admin, `information_schema.table_privileges WHERE grantee = "'shop'@'%'"`),
		"four privileges on two tables")
}

func TestAPrivilegeThatCannotBeRevokedIsNamed(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)
	root := server.Config("root")
	root.Password = server.Config("").Password
	mysqltest.Execute(t, mysqltest.Open(t, root), "CREATE USER shop@'%' IDENTIFIED BY 'shop'",
		"GRANT PROXY ON root@localhost TO shop@'%'")

	err := run(t.Context(), server.Server, server.Config(user))

	require.ErrorContains(t, err, "privileges of shop: got \"GRANT PROXY ON")
	require.ErrorContains(t, err, "revoke it as an admin")
}

func TestTheServicesUserMustNotBeTheAdmin(t *testing.T) {
	t.Parallel()

	server := mariaDB(t)

	err := run(t.Context(), server.Server, server.Config(mysqltest.Admin))

	require.ErrorContains(t, err, `MYSQL_USER: got "admin"`)
	mysqltest.Execute(t, server.Open(t, mysqltest.Admin), "CREATE TABLE still (id INT)")
}

func TestTheEmbeddedDatabaseIsMigratedToo(t *testing.T) {
	t.Parallel()

	server := mysqltest.Embedded(t, mysqltest.Admin, database)

	for range 2 {
		require.NoError(t, run(t.Context(), server, server.Config("service")))
	}

	service := server.Open(t, "service")
	mysqltest.Execute(t, service, "SELECT COUNT(*) FROM orders")

	_, err := service.ExecContext(t.Context(), "DROP TABLE orders")
	assert.ErrorContains(t, err, "denied")
}

// Package mysqltest starts databases for tests: a server inside the test, and MariaDB from Debian's package.
package mysqltest

import (
	"context"
	"database/sql"
	"log/slog"
	"net/netip"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/mysql/embedded"
	"github.com/msur/platform/apps/chassis/stores"
)

// Admin is a user with every privilege. Its password is its name, as that of each user in this package.
const Admin = "admin"

// Server is a database server that runs until its test ends.
type Server struct {
	// Address is host:port.
	Address string
	// User is the service's user, and Database its database.
	User, Database string
}

// Embedded starts a server inside the test, with a database. The service's user has every privilege. Options change the
// server.
func Embedded(t testing.TB, user, database string, options ...func(*embedded.Config)) Server {
	t.Helper()

	cfg := embedded.Config{Admin: user, Password: user, Database: database}
	for _, option := range options {
		option(&cfg)
	}

	address, stop, err := embedded.Start(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { stop() })

	return Server{Address: address, User: user, Database: database}
}

// Environ returns the variables of a service that uses the server.
func (s Server) Environ(more ...string) []string {
	cfg := s.Config(s.User)

	return append([]string{
		"MYSQL_HOST=" + cfg.Host, "MYSQL_PORT=" + strconv.Itoa(cfg.Port), "MYSQL_USER=" + s.User, "MYSQL_PASSWORD=" + s.User,
		"MYSQL_DATABASE=" + s.Database, "MYSQL_TLS=off",
		"MYSQL_ADMIN_USER=" + Admin, "MYSQL_ADMIN_PASSWORD=" + Admin, "PORT=0", "DRAIN_DELAY=0s",
	}, more...)
}

// Config returns the configuration of a user whose password is its name.
func (s Server) Config(user string) mysql.Config {
	address := netip.MustParseAddrPort(s.Address)

	return mysql.Config{Database: s.Database, Config: stores.Config{
		Host: address.Addr().String(), Port: int(address.Port()), User: user, MaxConnections: 4,
		Auth: stores.AuthPassword, Password: config.NewSecret(user),
	}}
}

// Open returns a pool of a user whose password is its name.
func (s Server) Open(t testing.TB, user string) *sql.DB {
	t.Helper()

	return Open(t, s.Config(user))
}

// Open returns a pool that is closed when the test ends.
func Open(t testing.TB, cfg mysql.Config) *sql.DB {
	t.Helper()

	db, err := mysql.OpenPool(context.Background(), cfg, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })

	return db
}

// Execute runs statements that must succeed.
func Execute(t testing.TB, db *sql.DB, statements ...string) {
	t.Helper()

	for _, statement := range statements {
		_, err := db.ExecContext(context.Background(), statement)
		require.NoError(t, err, statement)
	}
}

// MariaDB is a server that a test can kill and start again.
type MariaDB struct {
	Server
	*contracttest.Daemon
}

// Real starts MariaDB with an empty database and an admin. Without MariaDB the test is skipped, or fails in CI.
func Real(t testing.TB, service, database string) *MariaDB {
	t.Helper()

	for _, program := range []string{"mariadbd", "mariadb-install-db"} {
		contracttest.Need(t, program, "mariadb-server")
	}

	me, err := user.Current()
	require.NoError(t, err)

	folder := t.TempDir()
	m := &MariaDB{Server{contracttest.FreeAddress(t), service, database}, nil}
	root := m.Config("root")
	root.Password, root.Database = config.Secret{}, ""
	options := []string{
		"--no-defaults", "--datadir=" + folder, "--user=" + me.Username,
		// A server that starts deletes what other servers have in /tmp.
		"--tmpdir=" + t.TempDir(),
		"--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--innodb-use-native-aio=0",
	}

	// root has no password.
	output, err := exec.Command("mariadb-install-db", append(slices.Clone(options),
		"--auth-root-authentication-method=normal", "--skip-test-db")...).CombinedOutput()
	require.NoError(t, err, string(output))

	m.Daemon = &contracttest.Daemon{
		Endpoint: m.Address, Folder: folder, Program: "mariadbd",
		Arguments: append(options, "--bind-address="+root.Host, "--port="+strconv.Itoa(root.Port),
			"--socket="+filepath.Join(folder, "socket"), "--skip-log-bin",
			"--max-user-connections=1000"), // without a limit, a test could not set one
	}
	m.Start(t)

	Execute(t, Open(t, root), "CREATE DATABASE "+database,
		"CREATE USER "+Admin+"@'%' IDENTIFIED BY '"+Admin+"'", "GRANT ALL ON *.* TO "+Admin+"@'%' WITH GRANT OPTION")

	return m
}

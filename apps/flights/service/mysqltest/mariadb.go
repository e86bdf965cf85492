package mysqltest

import (
	"context"
	"net"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/stretchr/testify/require"
)

// MariaDB is a server that can be stopped and started again.
type MariaDB struct {
	Server
	contracttest.Daemon

	folder string
	// temporary is its own: a server that starts deletes what others keep in /tmp.
	temporary string
}

// Real starts a MariaDB of its own for a test. Where there is none the test is skipped, and fails in CI.
func Real(t testing.TB) *MariaDB {
	t.Helper()

	for _, program := range []string{"mariadbd", "mariadb-install-db"} {
		contracttest.Need(t, program, "mariadb-server")
	}

	m := &MariaDB{Server: Server{Address: contracttest.FreeAddress(t)}, folder: t.TempDir(), temporary: t.TempDir()}
	m.install(t)
	m.Start(t)
	m.prepare(t)

	return m
}

// Start starts the server, at the same address as before.
func (m *MariaDB) Start(t testing.TB) {
	t.Helper()

	me, err := user.Current()
	require.NoError(t, err)

	_, port, err := net.SplitHostPort(m.Address)
	require.NoError(t, err)

	m.Daemon.Start(t, m.Address, m.folder, "mariadbd", "--no-defaults", "--datadir="+m.folder, "--user="+me.Username,
		"--bind-address=127.0.0.1", "--port="+port, "--socket="+filepath.Join(m.folder, "socket"),
		"--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--skip-log-bin",
		"--tmpdir="+m.temporary, "--innodb-use-native-aio=0",
		"--max-user-connections=1000") // without any, a test could set none
}

// install makes the system tables, with a root who has no password.
func (m *MariaDB) install(t testing.TB) {
	t.Helper()

	me, err := user.Current()
	require.NoError(t, err)

	text, err := exec.Command("mariadb-install-db", "--no-defaults", "--datadir="+m.folder, "--user="+me.Username,
		"--auth-root-authentication-method=normal", "--skip-test-db", "--tmpdir="+m.temporary, "--innodb-use-native-aio=0",
		"--innodb-log-file-size=8M", "--innodb-buffer-pool-size=16M").CombinedOutput()
	require.NoError(t, err, string(text))
}

// prepare makes the database and the admin.
func (m *MariaDB) prepare(t testing.TB) {
	t.Helper()

	cfg := m.Config("root")
	cfg.Password, cfg.Database = config.Secret{}, ""
	root := Open(t, cfg)

	for _, statement := range []string{
		"CREATE DATABASE " + Database,
		"CREATE USER " + Admin + "@'%' IDENTIFIED BY '" + Admin + "'",
		"GRANT ALL ON *.* TO " + Admin + "@'%' WITH GRANT OPTION",
	} {
		_, err := root.ExecContext(context.Background(), statement)
		require.NoError(t, err)
	}
}

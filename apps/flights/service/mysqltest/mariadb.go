package mysqltest

import (
	"context"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/stretchr/testify/require"
)

const tick = 20 * time.Millisecond

// MariaDB is a server that can be stopped and started again.
type MariaDB struct {
	Server

	folder string
	// temporary is its own: a server that starts deletes what others keep in /tmp.
	temporary string
	process   *exec.Cmd
}

// Real starts a MariaDB of its own for a test. Where there is none the test is skipped, and fails in CI.
func Real(t testing.TB) *MariaDB {
	t.Helper()

	for _, program := range []string{"mariadbd", "mariadb-install-db"} {
		if _, err := exec.LookPath(program); err == nil {
			continue
		}

		const missing = "there is no %s; apt-get install mariadb-server"
		if os.Getenv("CI") == "true" {
			t.Fatalf(missing, program)
		}

		t.Skipf(missing, program)
	}

	m := &MariaDB{Server: Server{Address: freeAddress(t)}, folder: t.TempDir(), temporary: t.TempDir()}
	m.install(t)
	m.Start(t)
	m.prepare(t)

	return m
}

func freeAddress(t testing.TB) string {
	t.Helper()

	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at once
	require.NoError(t, err)
	require.NoError(t, listener.Close())

	return listener.Addr().String()
}

// Start starts the server, at the same address as before.
func (m *MariaDB) Start(t testing.TB) {
	t.Helper()

	me, err := user.Current()
	require.NoError(t, err)

	_, port, err := net.SplitHostPort(m.Address)
	require.NoError(t, err)

	log, err := os.Create(filepath.Join(m.folder, "log"))
	require.NoError(t, err)

	//nolint:gosec,noctx // our own arguments; Kill ends it
	m.process = exec.Command("mariadbd", "--no-defaults", "--datadir="+m.folder, "--user="+me.Username,
		"--bind-address=127.0.0.1", "--port="+port, "--socket="+filepath.Join(m.folder, "socket"),
		"--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--skip-log-bin",
		"--tmpdir="+m.temporary, "--innodb-use-native-aio=0")
	m.process.Stdout, m.process.Stderr = log, log
	require.NoError(t, m.process.Start())
	t.Cleanup(m.Kill)

	m.await(t)
}

// Kill ends the server as a failing machine would.
func (m *MariaDB) Kill() {
	m.process.Process.Kill() //nolint:errcheck // it may be dead already
	m.process.Wait()         //nolint:errcheck // killed, it ends with an error
}

// install makes the system tables, with a root who has no password.
func (m *MariaDB) install(t testing.TB) {
	t.Helper()

	me, err := user.Current()
	require.NoError(t, err)

	//nolint:gosec,noctx // our own arguments; it takes two seconds
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

// await waits until the server answers.
func (m *MariaDB) await(t testing.TB) {
	t.Helper()

	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", m.Address) //nolint:noctx // to this machine
		if err != nil {
			return false
		}

		return connection.Close() == nil
	}, time.Minute, tick, "MariaDB does not start; see %s/log", m.folder)
}

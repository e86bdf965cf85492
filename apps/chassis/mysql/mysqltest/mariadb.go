package mysqltest

import (
	"net"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/contracttest"
)

// MariaDB is a server that a test can kill and start again.
type MariaDB struct {
	Server
	contracttest.Daemon

	folder  string
	options []string
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
	m := &MariaDB{
		Server: Server{Address: contracttest.FreeAddress(t), User: service, Database: database},
		folder: folder,
		options: []string{
			"--no-defaults", "--datadir=" + folder, "--user=" + me.Username,
			// A server that starts deletes what other servers have in /tmp.
			"--tmpdir=" + t.TempDir(),
			"--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M", "--innodb-use-native-aio=0",
		},
	}

	// root has no password.
	output, err := exec.Command("mariadb-install-db", append(slices.Clone(m.options),
		"--auth-root-authentication-method=normal", "--skip-test-db")...).CombinedOutput()
	require.NoError(t, err, string(output))
	m.Start(t)

	root := m.Config("root")
	root.Password, root.Database = config.Secret{}, ""
	Execute(t, Open(t, root), "CREATE DATABASE "+database,
		"CREATE USER "+Admin+"@'%' IDENTIFIED BY '"+Admin+"'", "GRANT ALL ON *.* TO "+Admin+"@'%' WITH GRANT OPTION")

	return m
}

// Start starts the server again, at the same address.
func (m *MariaDB) Start(t testing.TB) {
	t.Helper()

	_, port, err := net.SplitHostPort(m.Address)
	require.NoError(t, err)

	m.Daemon.Start(t, m.Address, m.folder, "mariadbd", append(slices.Clone(m.options), "--bind-address=127.0.0.1",
		"--port="+port, "--socket="+filepath.Join(m.folder, "socket"), "--skip-log-bin",
		"--max-user-connections=1000")...) // without a limit, a test could not set one
}

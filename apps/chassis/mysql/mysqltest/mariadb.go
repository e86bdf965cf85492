package mysqltest

import (
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/contracttest"
)

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

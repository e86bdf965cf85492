package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	osuser "os/user"
	"path/filepath"
	"testing"

	"github.com/alicebob/miniredis/v2"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// probe sends the probes of Kubernetes to containers. An unavailable store is a port on which nothing listens.
func probe(t *testing.T, flights, reservations v1.Image) {
	t.Helper()

	nowhere := "_PORT=" + freePort(t)

	for _, test := range []struct {
		about  string
		image  v1.Image
		store  func(t *testing.T) []string
		health int
	}{
		{"flights without its store", flights, func(*testing.T) []string {
			return []string{"MYSQL_HOST=127.0.0.1", "MYSQL" + nowhere, "MYSQL_USER=flights", "MYSQL_PASSWORD=x", "MYSQL_TLS=off"}
		}, http.StatusServiceUnavailable},
		{"flights with its store", flights, func(t *testing.T) []string {
			t.Helper()

			variables := mysql(t)
			process := containerOf(t.Context(), t, flights, variables...)
			process.Args[len(process.Args)-1] = "migrate"

			var output bytes.Buffer

			process.Stdout, process.Stderr = &output, &output
			begin(t, process)
			require.NoError(t, process.Wait(), &output)

			return variables
		}, http.StatusOK},
		{"reservations without its store", reservations, func(*testing.T) []string {
			return []string{"REDIS_HOST=127.0.0.1", "REDIS" + nowhere, "REDIS_TLS=off"}
		}, http.StatusServiceUnavailable},
		{"reservations with its store", reservations, func(t *testing.T) []string {
			t.Helper()

			store := miniredis.RunT(t)

			return []string{"REDIS_HOST=" + store.Host(), "REDIS_PORT=" + store.Port(), "REDIS_TLS=off"}
		}, http.StatusOK},
	} {
		t.Run(test.about, func(t *testing.T) {
			url := start(t, test.image, test.store(t)...)
			assert.Equal(t, http.StatusOK, statusOf(t, url+"/ping"))
			assert.Equal(t, test.health, statusOf(t, url+"/health"))
		})
	}
}

func freePort(t *testing.T) string {
	t.Helper()

	closed, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())

	_, port, err := net.SplitHostPort(closed.Addr().String())
	require.NoError(t, err)

	return port
}

// mysql starts a MariaDB for a test, and returns the variables of a service that uses it and of its migration. Without
// MariaDB, the test is skipped, and fails in CI.
func mysql(t *testing.T) []string {
	t.Helper()

	for _, program := range []string{"mariadbd", "mariadb-install-db"} {
		if _, err := exec.LookPath(program); err != nil && os.Getenv("CI") != "true" {
			t.Skipf("there is no %s; apt-get install mariadb-server", program)
		}
	}

	me, err := osuser.Current()
	require.NoError(t, err)

	port, folder, temporary := freePort(t), t.TempDir(), t.TempDir()
	same := []string{
		"--no-defaults", "--datadir=" + folder, "--user=" + me.Username, "--tmpdir=" + temporary,
		"--innodb-use-native-aio=0", "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=16M",
	}

	text, err := exec.CommandContext(t.Context(), "mariadb-install-db", append(same, "--skip-test-db")...).CombinedOutput()
	require.NoError(t, err, string(text))

	first := filepath.Join(temporary, "first.sql")
	write(t, first, `CREATE DATABASE microservices_db;
CREATE USER admin@'%' IDENTIFIED BY 'admin';
GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION;
`)

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	server := exec.CommandContext(ctx, "mariadbd", append(same, "--bind-address=127.0.0.1", "--port="+port,
		"--socket="+filepath.Join(temporary, "socket"), "--init-file="+first)...)
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		stop()
		server.Wait()
	})
	require.Eventually(t, func() bool {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", "127.0.0.1:"+port)

		return err == nil && connection.Close() == nil
	}, waitFor, tick, "awaited MariaDB at port %s", port)

	return []string{
		"MYSQL_HOST=127.0.0.1", "MYSQL_PORT=" + port, "MYSQL_TLS=off", "MYSQL_USER=flights", "MYSQL_PASSWORD=flights",
		"MYSQL_ADMIN_USER=admin", "MYSQL_ADMIN_PASSWORD=admin",
	}
}

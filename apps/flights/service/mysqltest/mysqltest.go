// Package mysqltest starts databases for tests: one inside the test, and MariaDB as Debian packages it.
package mysqltest

import (
	"context"
	"database/sql"
	"log/slog"
	"net"
	"strconv"
	"testing"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/mysql"
)

// Database is the name of the database that each server has.
const Database = "microservices_db"

// Admin is who may do everything, with this password too.
const Admin = "admin"

// Server is a database server that runs until its test ends.
type Server struct {
	// Address is host:port.
	Address string
}

// Environ are the variables with which the service finds the server, as a user of its own.
func (s Server) Environ(more ...string) []string {
	host, port, _ := net.SplitHostPort(s.Address)

	return append([]string{
		"MYSQL_HOST=" + host, "MYSQL_PORT=" + port, "MYSQL_USER=flights", "MYSQL_PASSWORD=flights",
		"MYSQL_DATABASE=" + Database, "MYSQL_TLS=off", "ENVIRONMENT=local",
		"MYSQL_ADMIN_USER=" + Admin, "MYSQL_ADMIN_PASSWORD=" + Admin, "PORT=0", "DRAIN_DELAY=0s",
	}, more...)
}

// Config is that of a user whose name is the password too.
func (s Server) Config(user string) mysql.Config {
	host, port, _ := net.SplitHostPort(s.Address)
	number, _ := strconv.Atoi(port)

	return mysql.Config{
		Host: host, Port: number, User: user, Database: Database, Auth: mysql.AuthPassword,
		Password: config.NewSecret(user), MaxConnections: 4,
	}
}

// Open is a pool of a user whose name is the password too.
func (s Server) Open(t testing.TB, user string) *sql.DB {
	t.Helper()

	return Open(t, s.Config(user))
}

// Open is a pool that the test closes.
func Open(t testing.TB, cfg mysql.Config) *sql.DB {
	t.Helper()

	password := func(context.Context) (string, error) { return cfg.Password.Read() }

	connector, err := mysql.Connector(cfg, password, nil, slog.New(slog.DiscardHandler))
	require.NoError(t, err)

	db := mysql.Pool(connector, cfg.MaxConnections)

	t.Cleanup(func() { db.Close() })

	return db
}

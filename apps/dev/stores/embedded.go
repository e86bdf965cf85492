package stores

import (
	"fmt"
	"io"
	"net"

	"github.com/alicebob/miniredis/v2"
	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/go-mysql-server/sql/mysql_db"
	"github.com/sirupsen/logrus"
)

const loopback = "127.0.0.1"

// secret is the password of everybody in an embedded MySQL, which only this machine reaches.
const secret = "local"

// mysql starts a MySQL with the databases given.
func mysql(databases []string) (Store, error) {
	logrus.SetOutput(io.Discard) // the server logs each connection

	listener, err := net.Listen("tcp", net.JoinHostPort(loopback, "0")) //nolint:noctx // the server closes it
	if err != nil {
		return Store{}, fmt.Errorf("starting the embedded MySQL: %w", err)
	}

	all := make([]sql.Database, 0, len(databases))

	for _, name := range databases {
		database := memory.NewDatabase(name)
		database.EnablePrimaryKeyIndexes()

		all = append(all, database)
	}

	provider := memory.NewDBProvider(all...)
	engine := sqle.NewDefault(provider)

	const admin = "root"

	users := engine.Analyzer.Catalog.MySQLDb
	users.SetPersister(&mysql_db.NoopPersister{})

	editor := users.Editor()
	users.AddSuperUser(editor, admin, "%", secret)
	editor.Close()

	cfg := server.Config{Protocol: "tcp", Address: listener.Addr().String(), Listener: listener}

	running, err := server.NewServer(cfg, engine, sql.NewContext, memory.NewSessionBuilder(provider), nil)
	if err != nil {
		return Store{}, fmt.Errorf("starting the embedded MySQL: %w", err)
	}

	go running.Start() //nolint:errcheck // it ends with an error, as it is closed

	return Store{
		Host: loopback, Port: listener.Addr().(*net.TCPAddr).Port, //nolint:forcetypeassert // it listens on TCP
		Variables: []string{
			"MYSQL_PASSWORD=" + secret, "MYSQL_ADMIN_USER=" + admin, "MYSQL_ADMIN_PASSWORD=" + secret, "MYSQL_TLS=off",
		},
		close: running.Close,
	}, nil
}

// redis starts a Redis.
func redis() (Store, error) {
	running, err := miniredis.Run()
	if err != nil {
		return Store{}, fmt.Errorf("starting the embedded Redis: %w", err)
	}

	return Store{
		Host: loopback, Port: running.Server().Addr().Port,
		Variables: []string{"REDIS_TLS=off"},
		close:     func() error { running.Close(); return nil }, //nolint:nlreturn // one line
	}, nil
}

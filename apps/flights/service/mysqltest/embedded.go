package mysqltest

import (
	"crypto/tls"
	"io"
	"net"
	"sync"
	"testing"

	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/go-mysql-server/sql/mysql_db"
	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
)

// Option changes an embedded server.
type Option func(*server.Config, *mysql_db.MySQLDb)

// WithTLS makes the server take and demand TLS.
func WithTLS(certificate tls.Certificate) Option {
	return func(cfg *server.Config, _ *mysql_db.MySQLDb) {
		cfg.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		cfg.RequireSecureTransport = true
	}
}

// WithTokens lets the user flights log in with tokens, as RDS does with a plugin of this name.
func WithTokens(iam *IAM) Option {
	return func(cfg *server.Config, users *mysql_db.MySQLDb) {
		// To refuse that is for the client.
		cfg.AllowClearTextWithoutTLS = true

		users.SetPlugins(map[string]mysql_db.PlaintextAuthPlugin{"AWSAuthenticationPlugin": plugin(func(token string) bool {
			return iam.accept(cfg.Address, token)
		})})

		editor := users.Editor()
		defer editor.Close()

		user := *users.GetUser(editor, "flights", "%", false)
		user.Plugin, user.AuthString = "AWSAuthenticationPlugin", "RDS"

		editor.RemoveUser(mysql_db.UserPrimaryKey{Host: user.Host, User: user.User})
		editor.PutUser(&user)
	}
}

type plugin func(token string) bool

// Authenticate asks whoever knows the tokens.
func (p plugin) Authenticate(_ *mysql_db.MySQLDb, _ string, _ *mysql_db.User, token string) (bool, error) {
	return p(token), nil
}

// making lets one engine be made at a time: each writes what all of them share.
var making sync.Mutex

func newEngine(provider sql.DatabaseProvider) *sqle.Engine {
	making.Lock()
	defer making.Unlock()

	return sqle.NewDefault(provider)
}

// Embedded starts a server inside the test, in which flights may do everything.
func Embedded(t testing.TB, options ...Option) Server {
	t.Helper()
	logrus.SetOutput(io.Discard) // the server logs each connection

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)

	database := memory.NewDatabase(Database)
	database.EnablePrimaryKeyIndexes()

	provider := memory.NewDBProvider(database)
	engine := newEngine(provider)
	users := engine.Analyzer.Catalog.MySQLDb
	users.SetPersister(&mysql_db.NoopPersister{}) // without one it alters no user

	editor := users.Editor()
	users.AddSuperUser(editor, "flights", "%", "flights")
	editor.Close()

	cfg := server.Config{Protocol: "tcp", Address: listener.Addr().String(), Listener: listener}

	for _, option := range options {
		option(&cfg, users)
	}

	running, err := server.NewServer(cfg, engine, sql.NewContext, memory.NewSessionBuilder(provider), nil)
	require.NoError(t, err)

	go running.Start()

	t.Cleanup(func() { running.Close() })

	return Server{Address: listener.Addr().String()}
}

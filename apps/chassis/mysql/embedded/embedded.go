// Package embedded runs a MySQL server inside this process, for tests and for a laptop. Its data is in memory.
package embedded

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"sync"

	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/go-mysql-server/sql/mysql_db"
	"github.com/sirupsen/logrus"
)

// Config configures a server. The admin has every privilege.
type Config struct {
	Admin, Password string
	// Database is a database that exists from the start. Without one, the server has none.
	Database string
	// TLS makes the server demand TLS with this certificate.
	TLS *tls.Certificate
	// AcceptToken makes the admin log in with tokens, as RDS does. It gets the server's address and the token.
	AcceptToken func(address, token string) bool
}

// plugin is the name of RDS's plugin for tokens.
const plugin = "AWSAuthenticationPlugin"

// engines allows one server to start at a time: creating the first engine writes package variables, which a new
// database reads.
var engines sync.Mutex //nolint:gochecknoglobals // see above

// Start starts a server on a free port of 127.0.0.1, and returns its address and the function that stops it.
func Start(cfg Config) (string, func() error, error) {
	logrus.SetOutput(io.Discard) // the server logs each connection

	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // the server closes it
	if err != nil {
		return "", nil, fmt.Errorf("starting the embedded MySQL: %w", err)
	}

	engines.Lock()
	defer engines.Unlock()

	address := listener.Addr().String()
	provider := memory.NewDBProvider()
	provider.WithOption(memory.NativeIndexProvider(true))

	if cfg.Database != "" {
		if err := provider.CreateDatabase(sql.NewEmptyContext(), cfg.Database); err != nil {
			return "", nil, fmt.Errorf("starting the embedded MySQL: %w", err)
		}
	}

	engine := sqle.NewDefault(provider)

	cfg.addAdmin(engine.Analyzer.Catalog.MySQLDb, address)

	settings := server.Config{Protocol: "tcp", Address: address, Listener: listener}
	// The client refuses to send a token without TLS.
	settings.AllowClearTextWithoutTLS = cfg.AcceptToken != nil

	if cfg.TLS != nil {
		settings.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*cfg.TLS}, MinVersion: tls.VersionTLS12}
		settings.RequireSecureTransport = true
	}

	running, err := server.NewServer(settings, engine, sql.NewContext, memory.NewSessionBuilder(provider), nil)
	if err != nil {
		return "", nil, fmt.Errorf("starting the embedded MySQL: %w", err)
	}

	go running.Start() //nolint:errcheck // it returns an error when it is closed

	return address, running.Close, nil
}

func (c Config) addAdmin(users *mysql_db.MySQLDb, address string) {
	users.SetPersister(&mysql_db.NoopPersister{}) // without a persister, ALTER USER fails

	editor := users.Editor()
	defer editor.Close()

	users.AddSuperUser(editor, c.Admin, "%", c.Password)

	if c.AcceptToken == nil {
		return
	}

	users.SetPlugins(map[string]mysql_db.PlaintextAuthPlugin{plugin: authenticator(func(token string) bool {
		return c.AcceptToken(address, token)
	})})

	admin := users.GetUser(editor, c.Admin, "%", false)
	admin.Plugin, admin.AuthString = plugin, "RDS"
}

// authenticator accepts or refuses a token.
type authenticator func(token string) bool

// Authenticate implements mysql_db.PlaintextAuthPlugin.
func (a authenticator) Authenticate(_ *mysql_db.MySQLDb, _ string, _ *mysql_db.User, token string) (bool, error) {
	return a(token), nil
}

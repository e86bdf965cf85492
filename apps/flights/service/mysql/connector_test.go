package mysql_test

import (
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/mysql"
	"github.com/msur/platform/apps/flights/service/mysqltest"
)

// certificate is one for 127.0.0.1, with the roots that vouch for it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()

	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)

	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())

	return server.TLS.Certificates[0], roots
}

func open(t *testing.T, cfg mysql.Config, password mysql.Password, roots *x509.CertPool) *sql.DB {
	t.Helper()

	connector, err := mysql.Connector(cfg, password, roots, slog.New(slog.DiscardHandler))
	require.NoError(t, err)

	db := mysql.Pool(connector, 1)

	t.Cleanup(func() { db.Close() }) //nolint:errcheck // the test is over

	return db
}

// tokens is what a server like RDS knows: whose tokens it takes, and which it was shown.
type tokens struct {
	mutex  sync.Mutex
	signer string
	shown  []string
}

func (k *tokens) accept(token string) bool {
	k.mutex.Lock()
	defer k.mutex.Unlock()

	k.shown = append(k.shown, token)

	return strings.Contains(token, k.signer)
}

func (k *tokens) expect(signer string) {
	k.mutex.Lock()
	defer k.mutex.Unlock()

	k.signer = signer
}

func TestEachConnectionIsOpenedWithATokenOfItsOwn(t *testing.T) {
	t.Parallel()

	pair, roots := certificate(t)
	known := &tokens{signer: "AKIA1"}
	server := mysqltest.Embedded(t, mysqltest.WithTLS(pair), mysqltest.WithTokens(known.accept))

	cfg := server.Config("flights")
	cfg.Auth, cfg.TLS, cfg.Region = mysql.AuthIAM, true, "us-east-1"

	credentials := new(role).as("AKIA1")
	db := open(t, cfg, mysql.Token(cfg, credentials), roots)

	first, err := db.Conn(t.Context())
	require.NoError(t, err)
	require.NoError(t, first.PingContext(t.Context()))

	// The old token expires: an open connection goes on, a new one needs a new token.
	known.expect("AKIA2")
	require.NoError(t, first.PingContext(t.Context()))

	_, err = db.Conn(t.Context())
	require.ErrorContains(t, err, "Access denied")

	credentials.as("AKIA2")

	second, err := db.Conn(t.Context())
	require.NoError(t, err)
	require.NoError(t, second.PingContext(t.Context()))
	assert.Len(t, known.shown, 3)
}

func TestATokenIsNeverSentInClearText(t *testing.T) {
	t.Parallel()

	known := &tokens{}
	server := mysqltest.Embedded(t, mysqltest.WithTokens(known.accept))

	cfg := server.Config("flights")
	cfg.Auth, cfg.Region = mysql.AuthIAM, "us-east-1"

	require.Error(t, open(t, cfg, mysql.Token(cfg, new(role).as("AKIA1")), nil).PingContext(t.Context()))
	assert.Empty(t, known.shown)
}

func TestACertificateIsChecked(t *testing.T) {
	t.Parallel()

	pair, ours := certificate(t)
	server := mysqltest.Embedded(t, mysqltest.WithTLS(pair))

	cfg := server.Config("flights")
	cfg.TLS = true

	password, err := mysql.PasswordOf(t.Context(), cfg)
	require.NoError(t, err)

	require.NoError(t, open(t, cfg, password, ours).PingContext(t.Context()))

	usual, err := mysql.Roots()
	require.NoError(t, err)
	require.ErrorContains(t, open(t, cfg, password, usual).PingContext(t.Context()), "unknown authority")

	cfg.Host = "localhost" // is in no certificate of httptest's
	require.ErrorContains(t, open(t, cfg, password, ours).PingContext(t.Context()), "localhost")
}

func TestTheRootsOfRDSAreTrusted(t *testing.T) {
	t.Parallel()

	roots, err := mysql.Roots()
	require.NoError(t, err)

	system, err := x509.SystemCertPool()
	require.NoError(t, err)
	assert.False(t, roots.Equal(system))
}

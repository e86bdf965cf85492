package mysql_test

import (
	"crypto/tls"
	"database/sql"
	"encoding/pem"
	"log/slog"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/mysql"
	embeddedmysql "github.com/msur/platform/apps/chassis/mysql/embedded"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/msur/platform/apps/chassis/stores"
)

// certificate returns a certificate for 127.0.0.1, and the same in PEM, to verify it with.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()

	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)

	pair := server.TLS.Certificates[0]

	return pair, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}))
}

func embedded(t *testing.T, options ...func(*embeddedmysql.Config)) mysqltest.Server {
	t.Helper()

	return mysqltest.Embedded(t, "flights", "flights", options...)
}

// withTLS makes the server demand TLS.
func withTLS(pair tls.Certificate) func(*embeddedmysql.Config) {
	return func(cfg *embeddedmysql.Config) { cfg.TLS = &pair }
}

func open(t *testing.T, cfg mysql.Config, password stores.Password) *sql.DB {
	t.Helper()

	connector, err := mysql.Connector(cfg, password, slog.New(slog.DiscardHandler))
	require.NoError(t, err)

	db := mysql.Pool(connector, 1)

	t.Cleanup(func() { db.Close() })

	return db
}

func TestTheCertificateOfTheServerIsVerified(t *testing.T) {
	t.Parallel()

	pair, ca := certificate(t)
	cfg := embedded(t, withTLS(pair)).Config("flights")
	cfg.TLS = true

	err := mysqltest.Open(t, cfg).PingContext(t.Context())
	require.ErrorContains(t, err, "unknown authority")
	require.ErrorContains(t, err, "MYSQL_CA_FILE", "the error names the fix")

	cfg.CA = ca
	require.NoError(t, mysqltest.Open(t, cfg).PingContext(t.Context()))

	cfg.Host = "localhost" // not in httptest's certificate
	require.ErrorContains(t, mysqltest.Open(t, cfg).PingContext(t.Context()), "localhost")
}

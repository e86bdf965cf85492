package mysql_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"encoding/pem"
	"log/slog"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/msur/platform/apps/chassis/stores"
)

// certificate returns a certificate for 127.0.0.1, and the roots that verify it.
func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()

	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)

	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())

	return server.TLS.Certificates[0], roots
}

func embedded(t *testing.T, options ...mysqltest.Option) mysqltest.Server {
	t.Helper()

	return mysqltest.Embedded(t, "flights", "flights", options...)
}

func open(t *testing.T, cfg mysql.Config, password stores.Password, roots *x509.CertPool) *sql.DB {
	t.Helper()

	connector, err := mysql.Connector(cfg, password, roots, slog.New(slog.DiscardHandler))
	require.NoError(t, err)

	db := mysql.Pool(connector, 1)

	t.Cleanup(func() { db.Close() })

	return db
}

func TestTheCertificateOfTheServerIsVerified(t *testing.T) {
	t.Parallel()

	pair, ours := certificate(t)
	server := embedded(t, mysqltest.WithTLS(pair))
	cfg := server.Config("flights")
	cfg.TLS = true
	password := func(context.Context) (string, error) { return "flights", nil }

	require.NoError(t, open(t, cfg, password, ours).PingContext(t.Context()))

	err := mysqltest.Open(t, cfg).PingContext(t.Context())
	require.ErrorContains(t, err, "unknown authority")
	require.ErrorContains(t, err, "MYSQL_CA_FILE", "the error names the fix")

	withCA := cfg
	withCA.CA = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}))
	require.NoError(t, mysqltest.Open(t, withCA).PingContext(t.Context()))

	cfg.Host = "localhost" // not in httptest's certificate
	require.ErrorContains(t, open(t, cfg, password, ours).PingContext(t.Context()), "localhost")
}

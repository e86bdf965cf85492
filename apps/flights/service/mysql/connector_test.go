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
	"time"

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

	t.Cleanup(func() { db.Close() })

	return db
}

func TestEachConnectionIsOpenedWithATokenOfItsOwn(t *testing.T) {
	t.Parallel()

	pair, roots := certificate(t)
	credentials, known := new(role).as("AKIA1"), new(mysqltest.IAM)
	known.Trust(credentials.now(t))

	server := mysqltest.Embedded(t, mysqltest.WithTLS(pair), mysqltest.WithTokens(known))

	cfg := server.Config("flights")
	cfg.Auth, cfg.TLS, cfg.Region = mysql.AuthIAM, true, mysqltest.Region

	db := open(t, cfg, mysql.Token(cfg, credentials), roots)

	first, err := db.Conn(t.Context())
	require.NoError(t, err)
	require.NoError(t, first.PingContext(t.Context()))

	// Other keys are good: an open connection goes on, a new one needs a new token.
	known.Trust(new(role).as("AKIA2").now(t))
	require.NoError(t, first.PingContext(t.Context()))

	_, err = db.Conn(t.Context())
	require.ErrorContains(t, err, "Access denied")

	credentials.as("AKIA2")

	second, err := db.Conn(t.Context())
	require.NoError(t, err)
	require.NoError(t, second.PingContext(t.Context()))
	assert.Len(t, known.Shown(), 3)
}

func TestATokenIsForWhatItSaysAndForAQuarterOfAnHour(t *testing.T) {
	t.Parallel()

	pair, roots := certificate(t)
	credentials, known := new(role).as("AKIA1"), new(mysqltest.IAM)
	server := mysqltest.Embedded(t, mysqltest.WithTLS(pair), mysqltest.WithTokens(known))

	cfg := server.Config("flights")
	cfg.Auth, cfg.TLS, cfg.Region = mysql.AuthIAM, true, mysqltest.Region

	token, err := mysql.Token(cfg, credentials)(t.Context())
	require.NoError(t, err)

	logIn := func(token string) error {
		password := func(context.Context) (string, error) { return token, nil }

		return open(t, cfg, password, roots).PingContext(t.Context())
	}

	require.ErrorContains(t, logIn(token), "Access denied", "the keys are not known")
	known.Trust(credentials.now(t))
	require.NoError(t, logIn(token))

	elsewhere := cfg
	elsewhere.Region = "eu-west-2"
	other, err := mysql.Token(elsewhere, credentials)(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, logIn(other), "Access denied", "for another region")

	known.Wait(14 * time.Minute)
	require.NoError(t, logIn(token))
	known.Wait(2 * time.Minute)
	require.ErrorContains(t, logIn(token), "Access denied", "after 16 minutes")
}

func TestATokenIsNeverSentInClearText(t *testing.T) {
	t.Parallel()

	known := new(mysqltest.IAM)
	server := mysqltest.Embedded(t, mysqltest.WithTokens(known))

	cfg := server.Config("flights")
	cfg.Auth, cfg.Region = mysql.AuthIAM, "us-east-1"

	require.Error(t, open(t, cfg, mysql.Token(cfg, new(role).as("AKIA1")), nil).PingContext(t.Context()))
	assert.Empty(t, known.Shown())
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

	usual, err := mysql.Roots("")
	require.NoError(t, err)

	err = open(t, cfg, password, usual).PingContext(t.Context())
	require.ErrorContains(t, err, "unknown authority")
	require.ErrorContains(t, err, "MYSQL_CA_FILE", "the error says what to do")

	cfg.CA = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}))

	own, err := mysql.Roots(cfg.CA)
	require.NoError(t, err)
	require.NoError(t, open(t, cfg, password, own).PingContext(t.Context()))

	cfg.Host = "localhost" // is in no certificate of httptest's
	require.ErrorContains(t, open(t, cfg, password, ours).PingContext(t.Context()), "localhost")
}

// Package mysql connects a service to MySQL: settings, TLS, IAM tokens, a bounded pool, health, metrics, and the errors
// after which a caller may try again.
package mysql

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/stores"
)

// Config says where the database is, and as which user to log in.
type Config struct {
	stores.Login

	Host string
	Port int
	User string
	// Database is the database of the service. The migration creates it. Without one, connections use none.
	Database string
	// CA holds more certificates, in PEM, to verify the server with. It may be empty.
	CA string
	// MaxConnections bounds the pool.
	MaxConnections int
}

var errCA = errors.New("MYSQL_CA: got no certificate, expected certificates in PEM (or their file in MYSQL_CA_FILE)")

// ReadConfig reads MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_DATABASE, MYSQL_TLS, MYSQL_CA, MYSQL_MAX_CONNECTIONS,
// MYSQL_AUTH and, depending on MYSQL_AUTH, MYSQL_PASSWORD or AWS_REGION.
func ReadConfig(r *config.Reader, database string) Config {
	cfg := Config{
		Host:           r.Text("MYSQL_HOST", "the host of the database"),
		Port:           r.Port("MYSQL_PORT", 3306),
		User:           r.Text("MYSQL_USER", "the user that the service logs in as"),
		Database:       r.TextOr("MYSQL_DATABASE", database),
		CA:             r.TextOr("MYSQL_CA", ""),
		MaxConnections: r.Number("MYSQL_MAX_CONNECTIONS", 16, 1, 10_000),
		Login:          stores.ReadLogin(r, "MYSQL_AUTH", "MYSQL_TLS"),
	}

	if cfg.Auth != stores.AuthIAM {
		cfg.Password = r.Secret("MYSQL_PASSWORD", "the password of MYSQL_USER")
	}

	if cfg.CA != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(cfg.CA)) {
		r.Reject(errCA)
	}

	return cfg
}

// Address is host:port.
func (c Config) Address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// Warn logs a connection without TLS.
func (c Config) Warn(log *slog.Logger) { c.Login.Warn(log, "MYSQL", c.Address()) }

// Tokens signs a token for each connection. RDS accepts a token for 15 minutes, and checks it only as a connection
// opens (Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication").
func (c Config) Tokens(credentials aws.CredentialsProvider) stores.Password {
	query := url.Values{"Action": {"connect"}, "DBUser": {c.User}, "X-Amz-Expires": {"900"}}

	return stores.Tokens("https://"+c.Address()+"?"+query.Encode(), "rds-db", c.Region, credentials)
}

// password returns the password of the configuration, or tokens.
func (c Config) password(ctx context.Context) (stores.Password, error) {
	return stores.PasswordOf(ctx, c.Login, c.Tokens)
}

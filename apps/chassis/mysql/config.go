// Package mysql connects a service to MySQL: settings, TLS, IAM tokens, a bounded pool, health, metrics, and the errors
// after which a caller may try again.
package mysql

import (
	"crypto/x509"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/stores"
)

// Config says where the database is, and how to log in.
type Config struct {
	stores.Config

	// Database is the database of the service. The migration creates it. Without one, connections use none.
	Database string
	// CA holds more certificates, in PEM, to verify the server with. It may be empty.
	CA string
}

var errCA = errors.New("MYSQL_CA: got no certificate, expected certificates in PEM (or their file in MYSQL_CA_FILE)")

// ReadConfig reads the variables of stores.ReadConfig with the prefix MYSQL, and MYSQL_USER, MYSQL_DATABASE, MYSQL_CA
// and, unless MYSQL_AUTH is iam, MYSQL_PASSWORD.
func ReadConfig(r *config.Reader, database string) Config {
	cfg := Config{
		Config:   stores.ReadConfig(r, "MYSQL", 3306, 16),
		Database: r.TextOr("MYSQL_DATABASE", database),
		CA:       r.TextOr("MYSQL_CA", ""),
	}
	cfg.User = r.Text("MYSQL_USER", "the user that the service logs in as")

	if cfg.Auth != stores.AuthIAM {
		cfg.Password = r.Secret("MYSQL_PASSWORD", "the password of MYSQL_USER")
	}

	if cfg.CA != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(cfg.CA)) {
		r.Reject(errCA)
	}

	return cfg
}

// Tokens signs a token for each connection. RDS accepts a token for 15 minutes, and checks it only as a connection
// opens (Amazon RDS User Guide, "Connecting to your DB instance using IAM authentication").
func (c Config) Tokens(credentials aws.CredentialsProvider) stores.Password {
	return c.Config.Tokens("https://"+c.Address(), "DBUser", "rds-db", credentials)
}

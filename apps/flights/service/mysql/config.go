// Package mysql keeps flights in MySQL.
package mysql

import (
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"

	"github.com/msur/platform/apps/chassis/config"
)

// How the service logs in.
const (
	AuthPassword = "password"
	AuthIAM      = "iam"
)

// Config says where the database is and who asks.
type Config struct {
	Host     string
	Port     int
	User     string
	Database string
	// Auth is password, or iam: then the password is a token that the role of the process signs.
	Auth string
	// Password is set with AuthPassword alone, Region with AuthIAM alone.
	Password config.Secret
	Region   string
	// TLS is off only where MYSQL_TLS says so.
	TLS bool
	// CA holds certificates, in PEM, that a database is verified with beside the system's and those of RDS. It may be
	// empty.
	CA string
	// MaxConnections bounds the pool.
	MaxConnections int
}

const (
	port           = 3306
	database       = "microservices_db"
	maxConnections = 16
	mostOfMySQL    = 10000
)

var errCA = errors.New("MYSQL_CA: got no certificate, expected certificates in PEM (or their file in MYSQL_CA_FILE)")

var errCleartext = errors.New("MYSQL_TLS: got off, want on with MYSQL_AUTH=iam: the token would be sent in clear text")

// ReadConfig reads MYSQL_HOST, MYSQL_PORT, MYSQL_USER, MYSQL_DATABASE, MYSQL_TLS, MYSQL_CA, MYSQL_MAX_CONNECTIONS,
// MYSQL_AUTH and, depending on that, MYSQL_PASSWORD or AWS_REGION.
func ReadConfig(r *config.Reader) (Config, error) {
	cfg := Config{
		Host:           r.Text("MYSQL_HOST", "the host of the database"),
		Port:           r.Port("MYSQL_PORT", port),
		User:           r.Text("MYSQL_USER", "the user as whom the service logs in"),
		Database:       r.TextOr("MYSQL_DATABASE", database),
		Auth:           r.OneOf("MYSQL_AUTH", AuthPassword, AuthIAM),
		TLS:            r.OneOf("MYSQL_TLS", "on", "off") != "off",
		CA:             r.TextOr("MYSQL_CA", ""),
		MaxConnections: r.Number("MYSQL_MAX_CONNECTIONS", maxConnections, 1, mostOfMySQL),
	}

	if cfg.Auth == AuthIAM {
		cfg.Region = r.Text("AWS_REGION", "the region of the database, for which tokens are signed")
	} else {
		cfg.Password = r.Secret("MYSQL_PASSWORD", "the password of MYSQL_USER")
	}

	return cfg, errors.Join(r.Err(), cfg.check())
}

// Address is host:port.
func (c Config) Address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// Warn logs what is set against better advice.
func (c Config) Warn(log *slog.Logger) {
	if !c.TLS {
		log.Warn(fmt.Sprintf("MYSQL_TLS=off: whoever is between here and %s reads and changes what is sent", c.Address()))
	}
}

// check finds what no single variable shows.
func (c Config) check() error {
	var problems []error

	if c.Auth == AuthIAM && !c.TLS {
		problems = append(problems, errCleartext)
	}

	if c.CA != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(c.CA)) {
		problems = append(problems, errCA)
	}

	return errors.Join(problems...)
}

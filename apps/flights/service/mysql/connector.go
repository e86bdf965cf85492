package mysql

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql/driver"
	_ "embed" // the roots
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-sql-driver/mysql"
)

// dialTimeout is for opening a connection alone: statements have the deadline of their context, and those of a
// migration take what they take.
const dialTimeout = 2 * time.Second

//go:embed rds-roots.pem
var rdsRoots []byte

var errRoots = errors.New("rds-roots.pem holds no certificate")

// Roots are who may vouch for a database: whom the system trusts (or SSL_CERT_FILE names), and Amazon RDS.
func Roots() (*x509.CertPool, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("reading the system's certificates: %w", err)
	}

	if !roots.AppendCertsFromPEM(rdsRoots) {
		return nil, errRoots
	}

	return roots, nil
}

// Connector opens connections. Each asks for the password anew. Certificates are checked against the roots.
func Connector(cfg Config, password Password, roots *x509.CertPool, log *slog.Logger) (driver.Connector, error) {
	c := mysql.NewConfig()
	c.Net, c.Addr, c.User, c.DBName = "tcp", cfg.Address(), cfg.User, cfg.Database
	c.Timeout = dialTimeout
	c.ParseTime = true
	// One trip for a statement with parameters instead of three.
	c.InterpolateParams = true
	c.Logger = logger{log}

	if cfg.TLS {
		c.TLS = &tls.Config{RootCAs: roots, ServerName: cfg.Host, MinVersion: tls.VersionTLS12}
		c.AllowCleartextPasswords = cfg.Auth == AuthIAM
	}

	if err := c.Apply(mysql.BeforeConnect(func(ctx context.Context, c *mysql.Config) error {
		var err error

		c.Passwd, err = password(ctx)

		return err
	})); err != nil {
		return nil, fmt.Errorf("configuring connections to %s: %w", cfg.Address(), err)
	}

	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, fmt.Errorf("configuring connections to %s: %w", cfg.Address(), err)
	}

	return connector, nil
}

// logger takes what the driver has to tell beside its errors.
type logger struct{ log *slog.Logger }

// Print logs it.
func (l logger) Print(v ...any) { l.log.Warn(fmt.Sprint(v...)) }

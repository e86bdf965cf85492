package mysql

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql/driver"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-sql-driver/mysql"
)

// dialTimeout is for opening a connection alone: statements have the deadline of their context, and those of a
// migration take what they take.
const dialTimeout = 2 * time.Second

// Connector opens connections. Each asks for the password anew. Certificates are verified with the roots.
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

	return verifying{connector, cfg.Host}, nil
}

// logger takes what the driver has to tell beside its errors.
type logger struct{ log *slog.Logger }

// Print logs it.
func (l logger) Print(v ...any) { l.log.Warn(fmt.Sprint(v...)) }

package mysql

import (
	"context"
	"crypto/tls"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/go-sql-driver/mysql"

	"github.com/msur/platform/apps/chassis/stores"
)

// OpenPool returns a bounded pool. It connects when it is used, not before.
func OpenPool(ctx context.Context, cfg Config, log *slog.Logger) (*sql.DB, error) {
	password, err := cfg.Passwords(ctx, cfg.Tokens)
	if err != nil {
		return nil, err
	}

	connector, err := Connector(cfg, password, log)
	if err != nil {
		return nil, err
	}

	return Pool(connector, cfg.MaxConnections), nil
}

// Pool returns a pool with a connection for each request that runs at a time, and one for the health check: a busy
// service is healthy.
func Pool(connector driver.Connector, requests int) *sql.DB {
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(requests + 1)
	db.SetMaxIdleConns(requests + 1)
	// Connections move back to a database that was unavailable.
	db.SetConnMaxLifetime(5 * time.Minute)
	db.SetConnMaxIdleTime(time.Minute)

	return db
}

// Connector opens connections, asks for the password for each, and verifies the server.
func Connector(cfg Config, password stores.Password, log *slog.Logger) (driver.Connector, error) {
	c := mysql.NewConfig()
	c.Net, c.Addr, c.User, c.DBName = "tcp", cfg.Address(), cfg.User, cfg.Database
	// Only for opening a connection. A statement has the deadline of its context, and a migration takes its time.
	c.Timeout = 2 * time.Second
	c.ParseTime = true
	// A statement with parameters takes one round trip instead of three.
	c.InterpolateParams = true
	c.Logger = slog.NewLogLogger(log.Handler(), slog.LevelWarn)

	if cfg.TLS {
		roots, err := Roots(cfg.CA)
		if err != nil {
			return nil, err
		}

		c.TLS = &tls.Config{RootCAs: roots, ServerName: cfg.Host, MinVersion: tls.VersionTLS12}
		c.AllowCleartextPasswords = cfg.Auth == stores.AuthIAM
	}

	applied := c.Apply(mysql.BeforeConnect(func(ctx context.Context, c *mysql.Config) error {
		var err error

		c.Passwd, err = password(ctx)

		return err
	}))

	connector, err := mysql.NewConnector(c)
	if err = errors.Join(applied, err); err != nil {
		return nil, fmt.Errorf("configuring connections to %s: %w", cfg.Address(), err)
	}

	return verifying{connector, cfg.Host}, nil
}

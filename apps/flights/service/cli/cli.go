// Package cli holds the commands of the service, which put its parts together.
package cli

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/httpserver"

	"github.com/msur/platform/apps/flights/service/mysql"
	"github.com/msur/platform/apps/flights/service/seed"
)

// Program is what the service can do.
func Program() command.Program {
	return command.Program{Name: "flights", Commands: []command.Command{
		{Name: "serve", About: "Answer requests, until SIGTERM", Run: serve},
		{Name: "check", About: "Ask the service at CHECK_URL whether it is well", Run: httpserver.Check},
		{Name: "migrate", About: "Apply the migrations, and create or alter the service's user", Run: migrations},
		{Name: "seed", About: "Put the book's sample into the database", Run: seeding},
	}}
}

// open makes the pool of whoever the configuration names. It does not connect yet.
func open(ctx context.Context, cfg mysql.Config, log *slog.Logger) (*sql.DB, error) {
	cfg.Warn(log)

	password, err := mysql.PasswordOf(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}

	roots, err := mysql.Roots()
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}

	connector, err := mysql.Connector(cfg, password, roots, log)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}

	return mysql.Pool(connector, cfg.MaxConnections), nil
}

func seeding(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	environment := r.TextOr("ENVIRONMENT", "")

	cfg, err := mysql.ReadConfig(r)
	if err != nil {
		return fmt.Errorf("reading the configuration:\n%w", err)
	}

	db, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // the process ends

	return seed.Run(ctx, db, environment) //nolint:wrapcheck // it says what it did
}

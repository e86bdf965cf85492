// Package cli holds the commands of the service, which put its parts together.
package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

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
		{
			Name: "migrate", About: "Apply the migrations, and create or alter the service's user",
			Run: within(migrationTime, migrations),
		},
		{Name: "seed", About: "Put the book's sample into the database", Run: within(seedTime, seeding)},
	}}
}

const (
	// migrationTime lets five minutes go by in the lock, and is less than the quarter of an hour for which the chart lets
	// the job run: so the log says what it was at.
	migrationTime = 14 * time.Minute
	// seedTime is for six rows: whoever takes longer has a database that hangs.
	seedTime = time.Minute
)

type action = func(ctx context.Context, log *slog.Logger, environ []string) error

// within gives a command a deadline: a database that takes a connection and does not answer would hold it for ever.
func within(most time.Duration, run action) action {
	return func(ctx context.Context, log *slog.Logger, environ []string) error {
		ctx, cancel := context.WithTimeout(ctx, most)
		defer cancel()

		err := run(ctx, log, environ)
		if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return fmt.Errorf("giving up after %s: %w", most, err)
		}

		return err
	}
}

// open makes the pool of whoever the configuration names. It does not connect yet.
func open(ctx context.Context, cfg mysql.Config, log *slog.Logger) (*sql.DB, error) {
	cfg.Warn(log)

	password, err := mysql.PasswordOf(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}

	roots, err := mysql.Roots(cfg.CA)
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
	environment := r.Text("ENVIRONMENT", "the environment, "+seed.Environments)

	cfg, err := mysql.ReadConfig(r)
	if err != nil {
		return fmt.Errorf("reading the configuration:\n%w", err)
	}

	db, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()

	return seed.Run(ctx, db, environment)
}

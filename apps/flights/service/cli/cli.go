// Package cli holds the commands of the service.
package cli

import (
	"context"
	"log/slog"
	"time"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/httpserver"
	"github.com/msur/platform/apps/chassis/metrics"
	"github.com/msur/platform/apps/chassis/mysql"

	"github.com/msur/platform/apps/flights/service/api"
	"github.com/msur/platform/apps/flights/service/migrations"
	"github.com/msur/platform/apps/flights/service/seed"
	"github.com/msur/platform/apps/flights/service/store"
)

// port is the book's.
const port = 5501

// Program returns the commands of the service.
func Program() command.Program {
	return command.Program{Name: "flights", Commands: []command.Command{
		{Name: "serve", About: "Answer requests, until SIGTERM", Run: serve},
		httpserver.Check(),
		migrations.Migration().Command(),
		// The sample has six rows. A database that takes longer hangs.
		{Name: "seed", About: "Put the book's sample into the database", Timeout: time.Minute, Run: insertSample},
	}}
}

// serve answers requests. It does not wait for the database: /health reports whether the database is available.
func serve(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	server, database := httpserver.ReadConfig(r, port, "/flights"), mysql.ReadConfig(r, migrations.Database)

	if err := r.Err(); err != nil {
		return err
	}

	m := metrics.New()

	db, err := mysql.Open(ctx, database, log, m)
	if err != nil {
		return err
	}
	defer db.Close()

	routes, err := api.New(store.New(db), log)
	if err != nil {
		return err
	}

	return httpserver.Service{
		Routes: routes, Log: log, Metrics: m, Health: health.New(log, time.Now, db.Check(store.Check)),
	}.Run(ctx, server)
}

// insertSample inserts the sample into a database without other flights.
func insertSample(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	database := mysql.ReadConfig(r, migrations.Database)

	if err := r.Err(); err != nil {
		return err
	}

	database.Warn(log, "MYSQL")

	db, err := mysql.OpenPool(ctx, database, log)
	if err != nil {
		return err
	}
	defer db.Close()

	return seed.Run(ctx, db)
}

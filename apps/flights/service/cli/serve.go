package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/httpserver"
	"github.com/msur/platform/apps/chassis/metrics"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/msur/platform/apps/flights/service/api"
	"github.com/msur/platform/apps/flights/service/mysql"
)

// port is the book's.
const port = 5501

// serve answers requests. It does not wait for the database: /health tells when that is there.
func serve(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	server := httpserver.ReadConfig(r, port)

	cfg, err := mysql.ReadConfig(r)
	if err != nil {
		return fmt.Errorf("reading the configuration:\n%w", err)
	}

	db, err := open(ctx, cfg, log)
	if err != nil {
		return err
	}
	defer db.Close()

	measured := metrics.New()
	measured.Register(collectors.NewDBStatsCollector(db, cfg.Database))

	store := mysql.NewStore(db, cfg.MaxConnections, func() { measured.DependencyFailed("mysql") })

	routes, err := api.New(store, log)
	if err != nil {
		return fmt.Errorf("making the routes: %w", err)
	}

	listener, err := httpserver.Listen(ctx, server)
	if err != nil {
		return fmt.Errorf("starting to serve: %w", err)
	}

	service := httpserver.Service{
		Routes:  routes,
		Log:     log,
		Health:  health.New(log, time.Now, health.Check{Name: "db:dbQuery", Ask: store.Check}),
		Metrics: measured,
	}

	return service.Serve(ctx, listener, server)
}

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
	"github.com/msur/platform/apps/chassis/redis"

	"github.com/msur/platform/apps/reservations/service/api"
	"github.com/msur/platform/apps/reservations/service/store"
)

// port is the book's.
const port = 5000

// Program returns the commands of the service.
func Program() command.Program {
	return command.Program{Name: "reservations", Setup: redis.LogTo, Commands: []command.Command{
		{Name: "serve", About: "Answer requests, until SIGTERM", Run: serve},
		httpserver.Check(),
	}}
}

// serve answers requests. It does not wait for the store: /health reports whether the store is available.
func serve(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	server, cache := httpserver.ReadConfig(r, port, "/reservations"), redis.ReadConfig(r)

	if err := r.Err(); err != nil {
		return err
	}

	m := metrics.New()

	pool, err := redis.Open(ctx, cache, log, m)
	if err != nil {
		return err
	}
	defer pool.Close()

	routes, err := api.New(store.New(pool), log)
	if err != nil {
		return err
	}

	return httpserver.Service{
		Routes: routes, Log: log, Metrics: m, Health: health.New(log, time.Now, pool.Check()),
	}.Run(ctx, server)
}

// Package cli holds the commands of the service, which put its parts together.
package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/httpserver"
	"github.com/msur/platform/apps/chassis/metrics"

	"github.com/msur/platform/apps/reservations/service/api"
)

const port = 5000

// Program is what the service can do.
func Program() command.Program {
	return command.Program{Name: "reservations", Commands: []command.Command{
		{Name: "serve", About: "Answer requests, until SIGTERM", Run: serve},
		{Name: "check", About: "Ask the service at CHECK_URL whether it is well", Run: httpserver.Check},
	}}
}

// serve answers requests.
func serve(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	server := httpserver.ReadConfig(r, port)

	if err := r.Err(); err != nil {
		return fmt.Errorf("reading the configuration:\n%w", err)
	}

	routes, err := api.New(log)
	if err != nil {
		return fmt.Errorf("making the routes: %w", err)
	}

	listener, err := httpserver.Listen(ctx, server)
	if err != nil {
		return fmt.Errorf("starting to serve: %w", err)
	}

	service := httpserver.Service{
		Routes: routes, Log: log, Health: health.New(log, time.Now), Metrics: metrics.New(),
	}

	return service.Serve(ctx, listener, server)
}

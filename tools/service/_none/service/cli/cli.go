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

	"github.com/msur/platform/apps/reservations/service/api"
)

const port = 5000

// Program returns the commands of the service.
func Program() command.Program {
	return command.Program{Name: "reservations", Commands: []command.Command{
		{Name: "serve", About: "Answer requests, until SIGTERM", Run: serve},
		httpserver.Check(),
	}}
}

// serve answers requests.
func serve(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	server := httpserver.ReadConfig(r, port, "/reservations")

	if err := r.Err(); err != nil {
		return err
	}

	routes, err := api.New(log)
	if err != nil {
		return err
	}

	return httpserver.Service{
		Routes: routes, Log: log, Metrics: metrics.New(), Health: health.New(log, time.Now),
	}.Run(ctx, server)
}

// Package httpserver serves the routes of a service, with deadlines, limits, request ids, logs and metrics, and stops
// without losing a request.
package httpserver

import (
	"log/slog"
	"net/http"

	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/metrics"
)

// Service is a service with its logs, health and metrics.
type Service struct {
	// Routes are the service's own. Handler adds the probes and /metrics, which are exempt from the limit on requests.
	Routes  *http.ServeMux
	Log     *slog.Logger
	Health  *health.Health
	Metrics *metrics.Metrics
}

// Handler returns the routes inside the handlers that every service needs.
func (s Service) Handler(cfg Config) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /ping", s.Health.Ping)
	routes.HandleFunc("GET /health", s.Health.Health)
	routes.Handle("GET /metrics", s.Metrics.Handler())
	routes.Handle("/", s.shed(cfg.MaxInFlight, s.limitBody(s.refuseUnknown(s.Routes))))

	return s.correlate(cfg, s.record(s.recoverPanics(routes)))
}

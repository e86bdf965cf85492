// Package httpserver serves the routes of a service: with deadlines, limits, ids, logs and metrics around them, and an
// end that loses no request.
package httpserver

import (
	"log/slog"
	"net/http"

	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/metrics"
)

// Service is what is served, and what it is watched with.
type Service struct {
	// Routes are the service's own. The probes and /metrics are added, and are exempt from the limit on requests.
	Routes  *http.ServeMux
	Log     *slog.Logger
	Health  *health.Health
	Metrics *metrics.Metrics
}

// Handler puts around the routes what every service needs.
func (s Service) Handler(cfg Config) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /ping", s.Health.Ping)
	routes.HandleFunc("GET /health", s.Health.Health)
	routes.Handle("GET /metrics", s.Metrics.Handler())
	routes.Handle("/", s.shed(cfg.MaxInFlight, s.limitBody(s.refuseUnknown(s.Routes))))

	return s.correlate(cfg.RequestTimeout, s.record(s.recoverPanics(routes)))
}

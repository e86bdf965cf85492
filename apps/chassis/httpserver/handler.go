// Package httpserver serves the routes of a service, with deadlines, limits, request ids, logs and metrics, and stops
// without losing a request.
package httpserver

import (
	"log/slog"
	"net/http"

	"go.opentelemetry.io/otel/trace"

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
	// Tracer records the span of each request. Without one, there are no spans. Run sets it.
	Tracer trace.Tracer
}

// Handler returns the routes inside the handlers that every service needs.
func (s Service) Handler(cfg Config) http.Handler {
	probes := http.NewServeMux()
	probes.HandleFunc("GET /ping", s.Health.Ping)
	probes.HandleFunc("GET /health", s.Health.Health)
	probes.Handle("GET /metrics", s.Metrics.Handler())

	own := s.shed(cfg.MaxInFlight, s.limitBody(s.refuseUnknown(s.Routes)))

	return s.correlate(cfg, s.record(s.recoverPanics(func(w *recorder, r *http.Request) {
		if isProbe(r) {
			probes.ServeHTTP(w, r)
		} else {
			own(w, r)
		}
	})))
}

// isProbe reports whether the routes of every service answer a request, not those of this one.
func isProbe(r *http.Request) bool {
	switch r.URL.Path {
	case "/ping", "/health", "/metrics":
		return r.Method == http.MethodGet || r.Method == http.MethodHead
	default:
		return false
	}
}

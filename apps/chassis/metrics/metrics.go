// Package metrics counts and times what a service does, for Prometheus.
package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are those of one service, in a registry of its own.
type Metrics struct {
	registry     *prometheus.Registry
	requests     *prometheus.CounterVec
	latency      *prometheus.HistogramVec
	inFlight     prometheus.Gauge
	dependencies *prometheus.CounterVec
}

// New makes the metrics that every service has, the Go runtime's and the process's among them.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "code"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "How long answers took.", Buckets: buckets(),
		}, []string{"route", "method"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_requests_in_flight", Help: "Requests that are being answered.",
		}),
		dependencies: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dependency_errors_total", Help: "Calls to what the service depends on that failed.",
		}, []string{"dependency"}),
	}

	m.Register(m.requests, m.latency, m.inFlight, m.dependencies,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	return m
}

// buckets reach from a store that is near to the deadline of a request, in seconds.
func buckets() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
}

// Register adds collectors, such as that of a connection pool. It panics on a name that is taken: that is a mistake in
// the program.
func (m *Metrics) Register(all ...prometheus.Collector) { m.registry.MustRegister(all...) }

// Handler answers with the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Started counts a request in, until the function that it returns is called.
func (m *Metrics) Started() func() {
	m.inFlight.Inc()

	return m.inFlight.Dec
}

// Answered counts an answer. Which route matched stands in the request (net/http puts it there).
func (m *Metrics) Answered(r *http.Request, code int, took time.Duration) {
	m.requests.WithLabelValues(route(r), method(r), strconv.Itoa(code)).Inc()
	m.latency.WithLabelValues(route(r), method(r)).Observe(took.Seconds())
}

// DependencyFailed counts a call that failed.
func (m *Metrics) DependencyFailed(dependency string) {
	m.dependencies.WithLabelValues(dependency).Inc()
}

// route is the pattern that matched, without its method: paths themselves are endless.
func route(r *http.Request) string {
	if _, path, is := strings.Cut(r.Pattern, " "); is {
		return path
	}

	return r.Pattern
}

// method is the request's, or "other": callers may send any word.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete,
		http.MethodOptions:
		return r.Method
	default:
		return "other"
	}
}

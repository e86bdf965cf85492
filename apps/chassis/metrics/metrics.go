// Package metrics counts and times the requests of a service, for Prometheus.
package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are the metrics of one service, in a registry of its own.
type Metrics struct {
	registry     *prometheus.Registry
	requests     *prometheus.CounterVec
	latency      *prometheus.HistogramVec
	inFlight     prometheus.Gauge
	dependencies *prometheus.CounterVec

	mutex sync.RWMutex
	known map[answer]series
}

// answer is what the series of an answer depend on.
type answer struct {
	pattern, method string
	code            int
}

// series are the series of an answer. To find them by their labels takes longer than to write them.
type series struct {
	requests prometheus.Counter
	latency  prometheus.Observer
}

// New returns the metrics of every service, including those of the Go runtime and the process.
func New() *Metrics {
	m := &Metrics{
		known:    make(map[answer]series),
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "code"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_request_duration_seconds", Help: "Time to answer.", Buckets: buckets(),
		}, []string{"route", "method"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_requests_in_flight", Help: "Running requests.",
		}),
		dependencies: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dependency_errors_total", Help: "Failed calls of a dependency.",
		}, []string{"dependency"}),
	}

	m.Register(m.requests, m.latency, m.inFlight, m.dependencies,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))

	return m
}

// buckets range from a nearby store to the deadline of a request, in seconds.
func buckets() []float64 {
	return []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
}

// Register adds collectors, such as that of a connection pool. It panics on a duplicate name, which is a mistake in the
// service.
func (m *Metrics) Register(all ...prometheus.Collector) { m.registry.MustRegister(all...) }

// Handler serves the metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Started counts a running request, until Answered is called.
func (m *Metrics) Started() { m.inFlight.Inc() }

// Answered counts the answer to a request that started. net/http writes the matched route into the request.
func (m *Metrics) Answered(r *http.Request, code int, took time.Duration) {
	m.inFlight.Dec()

	s := m.series(answer{r.Pattern, method(r), code})
	s.requests.Inc()
	s.latency.Observe(took.Seconds())
}

// DependencyFailed counts a failed call of a dependency.
func (m *Metrics) DependencyFailed(dependency string) {
	m.dependencies.WithLabelValues(dependency).Inc()
}

// series finds the series of an answer.
func (m *Metrics) series(a answer) series {
	m.mutex.RLock()
	s, isKnown := m.known[a]
	m.mutex.RUnlock()

	if !isKnown {
		s = series{
			requests: m.requests.WithLabelValues(route(a.pattern), a.method, strconv.Itoa(a.code)),
			latency:  m.latency.WithLabelValues(route(a.pattern), a.method),
		}

		m.mutex.Lock()
		m.known[a] = s
		m.mutex.Unlock()
	}

	return s
}

// route returns the matched pattern without its method. A path as a label would be unbounded.
func route(pattern string) string {
	if _, path, ok := strings.Cut(pattern, " "); ok {
		return path
	}

	return pattern
}

// method returns the method, or "other": callers can send any word.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodPatch, http.MethodDelete,
		http.MethodOptions:
		return r.Method
	default:
		return "other"
	}
}

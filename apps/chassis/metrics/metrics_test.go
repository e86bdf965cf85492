package metrics_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/chassis/metrics"
)

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()

	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil))

	return w.Body.String()
}

func request(t *testing.T, method, pattern string) *http.Request {
	t.Helper()

	r := httptest.NewRequestWithContext(t.Context(), method, "/flights/AA2532", nil)
	r.Pattern = pattern

	return r
}

func TestAnswersAreCountedAndTimedByRoute(t *testing.T) {
	t.Parallel()

	m := metrics.New()
	m.Answered(request(t, http.MethodGet, "GET /flights/{flight_no}"), http.StatusOK, 3*time.Millisecond)
	m.Answered(request(t, http.MethodGet, "GET /flights/{flight_no}"), http.StatusOK, 3*time.Second)
	m.Answered(request(t, http.MethodGet, "GET /flights/{flight_no}"), http.StatusNotFound, time.Minute)
	m.Answered(request(t, http.MethodHead, "GET /flights/{flight_no}"), http.StatusOK, time.Minute)
	m.Answered(request(t, "BREW", "/"), http.StatusNotFound, time.Millisecond)

	text := scrape(t, m)

	assert.Contains(t, text, `http_requests_total{code="200",method="GET",route="/flights/{flight_no}"} 2`)
	assert.Contains(t, text, `http_requests_total{code="404",method="GET",route="/flights/{flight_no}"} 1`)
	assert.Contains(t, text, `http_requests_total{code="200",method="HEAD",route="/flights/{flight_no}"} 1`)
	assert.Contains(t, text, `http_requests_total{code="404",method="other",route="/"} 1`)
	assert.Contains(t, text,
		`http_request_duration_seconds_bucket{method="GET",route="/flights/{flight_no}",le="0.005"} 1`)
	assert.Contains(t, text, `http_request_duration_seconds_count{method="GET",route="/flights/{flight_no}"} 3`)
}

func TestRunningRequestsAreInFlight(t *testing.T) {
	t.Parallel()

	m := metrics.New()
	m.Started()
	assert.Contains(t, scrape(t, m), "http_requests_in_flight 1\n")

	m.Answered(request(t, http.MethodGet, "/"), http.StatusOK, time.Millisecond)
	assert.Contains(t, scrape(t, m), "http_requests_in_flight 0\n")
}

func TestAServiceAddsItsOwnMetrics(t *testing.T) {
	t.Parallel()

	m := metrics.New()
	m.DependencyFailed("mysql")
	m.Register(prometheus.NewGauge(prometheus.GaugeOpts{Name: "pool_size", Help: "Connections."}))

	text := scrape(t, m)

	assert.Contains(t, text, `dependency_errors_total{dependency="mysql"} 1`)
	assert.Contains(t, text, "pool_size 0")
	assert.Contains(t, text, "go_goroutines")
}

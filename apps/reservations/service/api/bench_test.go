package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/httpserver"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/metrics"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/api"
)

// BenchmarkHandler measures the service's own share of a request: everything but net/http and the store.
func BenchmarkHandler(b *testing.B) {
	log := logs.New(io.Discard)

	mux, err := api.New(fake{}, log)
	require.NoError(b, err)

	service := httpserver.Service{Routes: mux, Log: log, Health: health.New(log, time.Now), Metrics: metrics.New()}
	handler := service.Handler(httpserver.ReadConfig(config.NewReader(nil), 1, "/reservations"))

	for method, one := range map[string]struct{ target, body string }{
		http.MethodGet: {taken, ""}, http.MethodPut: {"/reservations", seat},
	} {
		b.Run(method, func(b *testing.B) {
			body := strings.NewReader(one.body)
			r := httptest.NewRequestWithContext(b.Context(), method, one.target, body)
			r.Header.Set("Content-Type", "application/json")

			b.ReportAllocs()

			for b.Loop() {
				body.Reset(one.body)

				w, request := discard{}, *r
				request.Body = io.NopCloser(body)
				handler.ServeHTTP(w, &request)
			}
		})
	}
}

// discard is a response without a connection.
type discard http.Header

// Header returns the headers.
func (d discard) Header() http.Header { return http.Header(d) }

// WriteHeader drops the status.
func (discard) WriteHeader(int) {}

// Write drops a part of the body.
func (discard) Write(part []byte) (int, error) { return len(part), nil }

package httpserver

import (
	"context"
	"crypto/rand"
	"net/http"
	"regexp"
	"time"

	"go.opentelemetry.io/otel/propagation"

	"github.com/msur/platform/apps/chassis/logs"
)

const requestIDHeader = "X-Request-ID"

// correlate adds a deadline, an id, and the caller's W3C trace context to the context of each request. A client with a
// propagation.TraceContext passes the trace on.
//
// No other handler may replace the request: the mux writes the matched route into the request, where record reads it.
func (s Service) correlate(timeout time.Duration, next http.Handler) http.Handler {
	valid := regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()

		id := r.Header.Get(requestIDHeader)
		if id == "" || !valid.MatchString(id) {
			id = rand.Text()
		}

		w.Header().Set(requestIDHeader, id)

		ctx = logs.WithRequestID(ctx, id)
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))

		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

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

// correlate gives each request its context: a deadline, its id, and the W3C trace context that it came with. Whatever
// is asked on behalf of the request with a propagation.TraceContext passes that on.
//
// It is the only one that replaces the request: the mux writes the route that matched into the request it is given,
// where record reads it.
func (s Service) correlate(timeout time.Duration, next http.Handler) http.Handler {
	sane := regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()

		id := r.Header.Get(requestIDHeader)
		if !sane.MatchString(id) {
			id = rand.Text()
		}

		w.Header().Set(requestIDHeader, id)

		ctx = logs.WithRequestID(ctx, id)
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))

		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

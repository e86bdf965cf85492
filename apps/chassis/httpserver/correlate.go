package httpserver

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"go.opentelemetry.io/otel/propagation"

	"github.com/msur/platform/apps/chassis/logs"
)

const requestIDHeader = "X-Request-ID"

// correlate adds a deadline, an id, and the caller's W3C trace context to the context of each request, and replaces the
// path that callers use by that of the routes. A client with a propagation.TraceContext passes the trace on.
//
// No other handler may replace the request: the mux writes the matched route into the request, where record reads it.
func (s Service) correlate(cfg Config, next http.Handler) http.Handler {
	valid := regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), cfg.RequestTimeout)
		defer cancel()

		id := r.Header.Get(requestIDHeader)
		if id == "" || !valid.MatchString(id) {
			id = rand.Text()
		}

		w.Header().Set(requestIDHeader, id)

		ctx = logs.WithRequestID(ctx, id)
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))

		r = r.WithContext(ctx)
		if cfg.Path != cfg.Root {
			r.URL = rooted(r.URL, cfg)
		}

		next.ServeHTTP(w, r)
	})
}

// rooted returns the URL at which the routes know a URL that callers use.
func rooted(from *url.URL, cfg Config) *url.URL {
	below, found := strings.CutPrefix(from.Path, cfg.Path)
	if !found || below != "" && below[0] != '/' {
		return from
	}

	to := *from
	to.Path = cfg.Root + below

	// The escaped form is only set where it differs from the usual one.
	if below, found := strings.CutPrefix(from.RawPath, cfg.Path); found {
		to.RawPath = cfg.Root + below
	}

	return &to
}

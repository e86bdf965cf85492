package httpserver

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"

	"go.opentelemetry.io/otel/propagation"

	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/traces"
)

const (
	// requestIDHeader is X-Request-ID in the form in which net/http keeps the names of headers.
	requestIDHeader = "X-Request-Id"
	// longestID and idCharacters limit the ids that callers can write into the log.
	longestID    = 64
	idCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
)

// correlate adds a deadline, an id, and the caller's W3C trace context to the context of each request, and replaces the
// path that callers use by that of the routes. A client with a propagation.TraceContext passes the trace on.
//
// No other handler may replace the request: the mux writes the matched route into the request, where record reads it.
func (s Service) correlate(cfg Config, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), cfg.RequestTimeout)
		defer cancel()

		id := requestID(r.Header)
		w.Header()[requestIDHeader] = []string{id}

		ctx = logs.WithRequestID(ctx, id)
		if r.Header.Get("Traceparent") != "" {
			ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
		}

		if s.Tracer != nil && !isProbe(r) {
			ctx, _ = traces.Request(ctx, s.Tracer, r) // record ends the span
		}

		r = r.WithContext(ctx)
		if cfg.Path != cfg.Root {
			r.URL = rooted(r.URL, cfg)
		}

		next.ServeHTTP(w, r)
	})
}

// requestID returns the id that the caller sent, or a new one if that is missing or invalid.
func requestID(header http.Header) string {
	ids := header[requestIDHeader]
	if len(ids) == 0 || ids[0] == "" || len(ids[0]) > longestID || strings.Trim(ids[0], idCharacters) != "" {
		return rand.Text()
	}

	return ids[0]
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

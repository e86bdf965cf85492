package httpserver

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/msur/platform/apps/chassis/problem"
)

// recorder records the status and the size of an answer.
type recorder struct {
	http.ResponseWriter

	code  int
	bytes int
}

// WriteHeader writes the status.
func (w *recorder) WriteHeader(code int) {
	if w.code == 0 {
		w.code = code
	}

	w.ResponseWriter.WriteHeader(code)
}

// Write writes a part of the body.
func (w *recorder) Write(part []byte) (int, error) {
	if w.code == 0 {
		w.code = http.StatusOK
	}

	n, err := w.ResponseWriter.Write(part)
	w.bytes += n

	return n, err
}

// Unwrap lets http.ResponseController find the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// record logs and measures each answer. If the handler aborts the connection with a panic, the caller gets no answer,
// and the status is 0.
func (s Service) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, recorded := time.Now(), &recorder{ResponseWriter: w}

		ended := s.Metrics.Started()

		defer func() {
			ended()
			s.Metrics.Answered(r, recorded.code, time.Since(start))
			s.log(r, recorded, time.Since(start))
		}()

		next.ServeHTTP(recorded, r)

		// net/http answers 200 for a handler that wrote nothing.
		if recorded.code == 0 {
			recorded.code = http.StatusOK
		}
	})
}

// log omits successful probes: most lines would be theirs.
func (s Service) log(r *http.Request, w *recorder, took time.Duration) {
	probes := []string{"GET /ping", "GET /health", "GET /metrics"}
	if w.code == http.StatusOK && slices.Contains(probes, r.Pattern) {
		return
	}

	s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("query", r.URL.RawQuery),
		slog.String("route", r.Pattern), slog.Int("status", w.code), slog.Int("bytes", w.bytes),
		slog.Float64("seconds", took.Seconds()), slog.String("remote", r.RemoteAddr), slog.String("host", r.Host))
}

// recoverPanics answers 500 for a handler that panics, or closes the connection if the answer has begun.
func (s Service) recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { //nolint:contextcheck // the request has its context
			cause := recover()
			if cause == nil {
				return
			}

			if cause == http.ErrAbortHandler { //nolint:errorlint // a panic's value is not wrapped
				panic(cause)
			}

			s.Log.ErrorContext(r.Context(), "a handler panicked",
				"panic", fmt.Sprint(cause), "stack", string(debug.Stack()))

			if recorded, ok := w.(*recorder); ok && recorded.code != 0 {
				panic(http.ErrAbortHandler)
			}

			problem.Write(w, r, s.Log, fmt.Errorf("a panic: %v", cause))
		}()

		next.ServeHTTP(w, r)
	})
}

package httpserver

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
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

		s.Metrics.Started()

		defer func() {
			took := time.Since(start)
			s.Metrics.Answered(r, recorded.code, took)
			s.log(r, recorded, took)
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
	if w.code == http.StatusOK && isProbe(r) {
		return
	}

	// Unlike s.Log.LogAttrs, this does not look up the caller, which the log does not show. A group without a name is
	// inlined: a record has space for five attributes, and must grow for more.
	line := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
	line.AddAttrs(slog.GroupAttrs("",
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("query", r.URL.RawQuery),
		slog.String("route", r.Pattern), slog.Int("status", w.code), slog.Int("bytes", w.bytes),
		slog.Float64("seconds", took.Seconds()), slog.String("remote", r.RemoteAddr), slog.String("host", r.Host)))

	_ = s.Log.Handler().Handle(r.Context(), line)
}

// recoverPanics answers 500 for a handler that panics, or closes the connection if the answer has begun.
func (s Service) recoverPanics(next http.HandlerFunc) http.Handler {
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

		next(w, r)
	})
}

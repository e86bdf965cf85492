package httpserver

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/msur/platform/apps/chassis/problem"
	"github.com/msur/platform/apps/chassis/traces"
)

// recorder records the status and the size of an answer.
type recorder struct {
	http.ResponseWriter

	request *http.Request
	code    int
	bytes   int
	// inMux is set as long as a mux has the request.
	inMux bool
	// refused is the status of an answer that the mux itself gives, because no route matches. Its body is dropped.
	refused int
}

// WriteHeader writes the status, and keeps the mux's 404 or 405. The mux writes the matched route into the request
// before it calls the handler.
func (w *recorder) WriteHeader(code int) {
	if w.inMux && w.request.Pattern == "" && (code == http.StatusNotFound || code == http.StatusMethodNotAllowed) {
		w.refused = code

		return
	}

	if w.code == 0 {
		w.code = code
	}

	w.ResponseWriter.WriteHeader(code)
}

// Write writes a part of the body.
func (w *recorder) Write(part []byte) (int, error) {
	if w.inMux && w.refused != 0 {
		return len(part), nil
	}

	if w.code == 0 {
		w.code = http.StatusOK
	}

	n, err := w.ResponseWriter.Write(part)
	w.bytes += n

	return n, err
}

// Unwrap lets http.ResponseController find the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// routes answer requests whose answers are recorded.
type routes func(*recorder, *http.Request)

// record logs, measures and traces each answer. If the handler aborts the connection with a panic, the caller gets no
// answer, and the status is 0.
func (s Service) record(next routes) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start, recorded := time.Now(), &recorder{ResponseWriter: w, request: r}

		s.Metrics.Started()

		defer func() { //nolint:contextcheck // the request has its context
			took := time.Since(start)
			s.Metrics.Answered(r, recorded.code, took)
			s.log(r, recorded, start.Add(took), took)

			if s.Tracer != nil {
				traces.Answered(trace.SpanFromContext(r.Context()), r.Pattern, recorded.code)
			}
		}()

		next(recorded, r)

		// net/http answers 200 for a handler that wrote nothing.
		if recorded.code == 0 {
			recorded.code = http.StatusOK
		}
	})
}

// log omits successful probes: most lines would be theirs.
func (s Service) log(r *http.Request, w *recorder, now time.Time, took time.Duration) {
	if w.code == http.StatusOK && isProbe(r) {
		return
	}

	// Unlike s.Log.LogAttrs, this does not look up the caller, which the log does not show. A group without a name is
	// inlined: a record has space for five attributes, and must grow for more.
	line := slog.NewRecord(now, slog.LevelInfo, "request", 0)
	line.AddAttrs(slog.GroupAttrs("",
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("query", r.URL.RawQuery),
		slog.String("route", r.Pattern), slog.Int("status", w.code), slog.Int("bytes", w.bytes),
		slog.Float64("seconds", took.Seconds()), slog.String("remote", r.RemoteAddr), slog.String("host", r.Host)))

	_ = s.Log.Handler().Handle(r.Context(), line)
}

// recoverPanics answers 500 for a handler that panics, or closes the connection if the answer has begun.
func (s Service) recoverPanics(next routes) routes {
	return func(w *recorder, r *http.Request) {
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

			if w.code != 0 {
				panic(http.ErrAbortHandler)
			}

			problem.Write(w, r, s.Log, fmt.Errorf("a panic: %v", cause))
		}()

		next(w, r)
	}
}

package httpserver

import (
	"net/http"

	"github.com/msur/platform/apps/chassis/problem"
)

// shed answers 503 above the limit: a queue would only delay every request. There is no log line beside that of the
// request, because overload produces many.
func (s Service) shed(most int, next http.Handler) http.Handler {
	slots := make(chan struct{}, most)

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()

			next.ServeHTTP(w, r)
		default:
			problem.Write(w, r, s.Log, problem.Unavailable("too many requests at a time", nil))
		}
	})
}

// limitBody answers 413 to a Content-Length above the limit, and stops reading any other body at the limit.
func (s Service) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > MaxBody {
			// Otherwise the server would read on, to reuse the connection.
			w.Header().Set("Connection", "close")
			problem.Write(w, r, s.Log, &http.MaxBytesError{Limit: MaxBody})

			return
		}

		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		next.ServeHTTP(w, r)
	})
}

// refuseUnknown turns the 404 and 405 of a mux, which are plain text, into problems.
func (s Service) refuseUnknown(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)

			return
		}

		refused := &refusal{ResponseWriter: w}
		refuse.ServeHTTP(refused, r)

		detail := "there is nothing at this path"
		if refused.code == http.StatusMethodNotAllowed {
			detail = "this path allows " + w.Header().Get("Allow")
		}

		problem.Write(w, r, s.Log, problem.New(refused.code, detail))
	})
}

// refusal keeps the status and the headers of an answer, and drops the body.
type refusal struct {
	http.ResponseWriter

	code int
}

// WriteHeader keeps the status.
func (w *refusal) WriteHeader(code int) { w.code = code }

// Write drops the body.
func (w *refusal) Write(text []byte) (int, error) { return len(text), nil }

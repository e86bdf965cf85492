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

		if r.ContentLength != 0 {
			r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		}

		next.ServeHTTP(w, r)
	})
}

// refuseUnknown turns the 404 and 405 of a mux, which are plain text, into problems.
func (s Service) refuseUnknown(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		unknown := &refusal{ResponseWriter: w, request: r}
		mux.ServeHTTP(unknown, r)

		switch unknown.code {
		case 0:
		case http.StatusMethodNotAllowed:
			problem.Write(w, r, s.Log, problem.New(unknown.code, "this path allows "+w.Header().Get("Allow")))
		default:
			problem.Write(w, r, s.Log, problem.New(unknown.code, "there is nothing at this path"))
		}
	})
}

// refusal keeps the status of an answer that the mux itself gives, because no route matches, and drops its body.
type refusal struct {
	http.ResponseWriter

	request *http.Request
	code    int
}

// WriteHeader writes the status of a route or of a redirection, and keeps the mux's 404 or 405. The mux writes the
// matched route into the request before it calls the handler.
func (w *refusal) WriteHeader(code int) {
	if w.request.Pattern == "" && (code == http.StatusNotFound || code == http.StatusMethodNotAllowed) {
		w.code = code

		return
	}

	w.ResponseWriter.WriteHeader(code)
}

// Write writes a part of the body of a route.
func (w *refusal) Write(part []byte) (int, error) {
	if w.code != 0 {
		return len(part), nil
	}

	return w.ResponseWriter.Write(part)
}

// Unwrap lets http.ResponseController find the connection.
func (w *refusal) Unwrap() http.ResponseWriter { return w.ResponseWriter }

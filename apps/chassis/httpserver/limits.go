package httpserver

import (
	"net/http"

	"github.com/msur/platform/apps/chassis/problem"
)

// shed turns away what is more than the service can do at a time: a queue would only make everybody late. It is logged
// as every answer is, and no more: where this happens it happens often.
func (s Service) shed(most int, next http.Handler) http.Handler {
	places := make(chan struct{}, most)

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case places <- struct{}{}:
			defer func() { <-places }()

			next.ServeHTTP(w, r)
		default:
			problem.Write(w, r, s.Log, problem.Unavailable("too many requests at a time", nil))
		}
	})
}

// limitBody refuses a body that says it is too long, and cuts one that does not say so.
func (s Service) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > MaxBody {
			// Without this the server would read on, in the hope of using the connection again.
			w.Header().Set("Connection", "close")
			problem.Write(w, r, s.Log, &http.MaxBytesError{Limit: MaxBody})

			return
		}

		r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		next.ServeHTTP(w, r)
	})
}

// refuseUnknown gives the form of a problem to the 404 and the 405 of a mux, which are plain text.
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
			detail = "this path takes " + w.Header().Get("Allow")
		}

		problem.Write(w, r, s.Log, problem.New(refused.code, detail))
	})
}

// refusal takes the status and the headers of an answer, and drops the rest.
type refusal struct {
	http.ResponseWriter

	code int
}

// WriteHeader remembers the status.
func (w *refusal) WriteHeader(code int) { w.code = code }

// Write drops the text.
func (w *refusal) Write(text []byte) (int, error) { return len(text), nil }

package httpserver

import (
	"net/http"

	"github.com/msur/platform/apps/chassis/problem"
)

// shed answers 503 above the limit: a queue would only delay every request. There is no log line beside that of the
// request, because overload produces many.
func (s Service) shed(most int, next routes) routes {
	slots := make(chan struct{}, most)

	return func(w *recorder, r *http.Request) {
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()

			next(w, r)
		default:
			problem.Write(w, r, s.Log, problem.Unavailable("too many requests at a time", nil))
		}
	}
}

// limitBody answers 413 to a Content-Length above the limit, and stops reading any other body at the limit.
func (s Service) limitBody(next routes) routes {
	return func(w *recorder, r *http.Request) {
		if r.ContentLength > MaxBody {
			// Otherwise the server would read on, to reuse the connection.
			w.Header().Set("Connection", "close")
			problem.Write(w, r, s.Log, &http.MaxBytesError{Limit: MaxBody})

			return
		}

		if r.ContentLength != 0 {
			r.Body = http.MaxBytesReader(w, r.Body, MaxBody)
		}

		next(w, r)
	}
}

// refuseUnknown turns the 404 and 405 of a mux, which are plain text, into problems.
func (s Service) refuseUnknown(mux *http.ServeMux) routes {
	return func(w *recorder, r *http.Request) {
		w.inMux = true

		mux.ServeHTTP(w, r)

		w.inMux = false

		switch w.refused {
		case 0:
		case http.StatusMethodNotAllowed:
			problem.Write(w, r, s.Log, problem.New(w.refused, "this path allows "+w.Header().Get("Allow")))
		default:
			problem.Write(w, r, s.Log, problem.New(w.refused, "there is nothing at this path"))
		}
	}
}

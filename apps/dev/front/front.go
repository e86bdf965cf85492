// Package front is the one address of all services, as the ingress is in the cluster.
package front

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/msur/platform/apps/chassis/problem"
)

// Front forwards each request to the service that its path belongs to.
type Front struct {
	http.ServeMux

	paths []string
	// states holds a state for each service that was reported.
	states sync.Map
}

// state is the state of a service. Without an address it is starting, unless it has stopped.
type state struct {
	address string
	stopped bool
}

// New returns a front without routes.
func New() *Front {
	f := new(Front)
	f.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, slog.New(slog.DiscardHandler),
			problem.New(http.StatusNotFound, "no chart routes this path; the routes are "+strings.Join(f.paths, ", ")))
	})

	return f
}

// Route forwards a path, and every path below it, to a service.
func (f *Front) Route(path, service string) error {
	if slices.Contains(f.paths, path) {
		return fmt.Errorf("%s is the path of %s and of another service: change path below platform:apps.%s "+
			"in each Pulumi.<stack>.yaml, and run make golden", path, service, service)
	}

	f.paths = append(f.paths, path)

	handler := f.forward(service)
	f.Handle(path, handler)
	f.Handle(strings.TrimSuffix(path, "/")+"/", handler)

	return nil
}

// Up forwards requests to a service at host:port.
func (f *Front) Up(service, address string) { f.states.Store(service, state{address: address}) }

// Starting answers 503 for a service that builds or starts. A service that is not reported is starting.
func (f *Front) Starting(service string) { f.states.Store(service, state{}) }

// Stopped answers 503 for a service that has failed.
func (f *Front) Stopped(service string) { f.states.Store(service, state{stopped: true}) }

func (f *Front) forward(service string) http.Handler {
	load := func() state {
		reported, _ := f.states.Load(service)
		s, _ := reported.(state)

		return s
	}

	return &httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) {
			request.SetURL(&url.URL{Scheme: "http", Host: load().address}) // without an address, the transport fails
			request.Out.Host = request.In.Host
			request.SetXForwarded()
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			detail := service + " is starting"
			if load().stopped {
				detail = service + " is not running: its log above says why"
			}

			problem.Write(w, r, slog.New(slog.DiscardHandler), problem.Unavailable(detail, err))
		},
	}
}

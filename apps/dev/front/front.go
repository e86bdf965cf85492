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
	routes *http.ServeMux
	paths  []string

	mutex sync.Mutex
	// addresses are those of the services that run.
	addresses map[string]string
	stopped   map[string]bool
}

// New returns a front without routes.
func New() *Front {
	f := &Front{routes: http.NewServeMux(), addresses: make(map[string]string), stopped: make(map[string]bool)}
	f.routes.HandleFunc("/", f.unknown)

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
	f.routes.Handle(path, handler)
	f.routes.Handle(strings.TrimSuffix(path, "/")+"/", handler)

	return nil
}

// Up forwards requests to a service at host:port.
func (f *Front) Up(service, address string) { f.set(service, address, false) }

// Starting answers 503 for a service that builds or starts. A service that is not reported is starting.
func (f *Front) Starting(service string) { f.set(service, "", false) }

// Stopped answers 503 for a service that has failed.
func (f *Front) Stopped(service string) { f.set(service, "", true) }

// ServeHTTP answers a request.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.routes.ServeHTTP(w, r) }

func (f *Front) forward(service string) http.Handler {
	unavailable := func(w http.ResponseWriter, r *http.Request, err error) {
		detail := service + " is starting"
		if _, stopped := f.state(service); stopped {
			detail = service + " is not running: its log above says why"
		}

		problem.Write(w, r, slog.New(slog.DiscardHandler), problem.Unavailable(detail, err))
	}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address, _ := f.state(service)
		if address == "" {
			unavailable(w, r, nil)

			return
		}

		proxy := httputil.ReverseProxy{
			Rewrite: func(request *httputil.ProxyRequest) {
				request.SetURL(&url.URL{Scheme: "http", Host: address})
				request.Out.Host = request.In.Host
				request.SetXForwarded()
			},
			ErrorHandler: unavailable,
		}
		proxy.ServeHTTP(w, r)
	})
}

func (f *Front) unknown(w http.ResponseWriter, r *http.Request) {
	problem.Write(w, r, slog.New(slog.DiscardHandler),
		problem.New(http.StatusNotFound, "no chart routes this path; the routes are "+strings.Join(f.paths, ", ")))
}

func (f *Front) set(service, address string, stopped bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()

	f.addresses[service], f.stopped[service] = address, stopped
}

func (f *Front) state(service string) (string, bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()

	return f.addresses[service], f.stopped[service]
}

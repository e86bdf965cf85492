// Package front is the one address before all services, as the ingress is in the cluster.
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

// Front sends each request to the service that its path leads to.
type Front struct {
	routes *http.ServeMux
	paths  []string

	mutex     sync.Mutex
	addresses map[string]string
}

// New makes a front without routes.
func New() *Front {
	f := &Front{routes: http.NewServeMux(), addresses: make(map[string]string)}
	f.routes.HandleFunc("/", f.unknown)

	return f
}

// Route sends a path, and all below it, to a service.
func (f *Front) Route(path, service string) error {
	if slices.Contains(f.paths, path) {
		return fmt.Errorf("%s leads to two services, %s is one of them: change path below platform:apps.%s "+
			"in the Pulumi.<stack>.yaml, and run make golden", path, service, service)
	}

	f.paths = append(f.paths, path)

	handler := f.to(service)
	f.routes.Handle(path, handler)
	f.routes.Handle(strings.TrimSuffix(path, "/")+"/", handler)

	return nil
}

// Up tells at which host:port a service answers; nowhere while it is empty.
func (f *Front) Up(service, address string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()

	f.addresses[service] = address
}

// ServeHTTP answers a request.
func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.routes.ServeHTTP(w, r) }

func (f *Front) address(service string) string {
	f.mutex.Lock()
	defer f.mutex.Unlock()

	return f.addresses[service]
}

func (f *Front) to(service string) http.Handler {
	away := func(w http.ResponseWriter, r *http.Request, err error) {
		problem.Write(w, r, slog.New(slog.DiscardHandler), problem.Unavailable(service+" is not up: its log says why", err))
	}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address := f.address(service)
		if address == "" {
			away(w, r, nil)

			return
		}

		proxy := httputil.ReverseProxy{
			Rewrite: func(request *httputil.ProxyRequest) {
				request.SetURL(&url.URL{Scheme: "http", Host: address})
				request.Out.Host = request.In.Host
				request.SetXForwarded()
			},
			ErrorHandler: away,
		}
		proxy.ServeHTTP(w, r)
	})
}

func (f *Front) unknown(w http.ResponseWriter, r *http.Request) {
	problem.Write(w, r, slog.New(slog.DiscardHandler),
		problem.New(http.StatusNotFound, "no chart routes this path; routed are "+strings.Join(f.paths, ", ")))
}

// Package openapi checks requests against the OpenAPI text of a service.
package openapi

import (
	"log/slog"
	"net/http"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/msur/platform/apps/chassis/problem"
)

// Mux is a mux that answers 400 to a request which is not as the text says, with every invalid field at once.
//
// The check goes around each route rather than around the mux, so that logs and metrics know the route. The middlewares
// of oapi-codegen come too late for it: parameters are read before them, and that stops at the first fault.
type Mux struct {
	*http.ServeMux

	router  routers.Router
	options openapi3filter.Options
	log     *slog.Logger
}

// NewMux makes a mux without routes. Formats that the text knows the check of are checked. It panics on a text that
// makes no sense.
func NewMux(text *openapi3.T, log *slog.Logger) Mux {
	// Whatever host it is asked by, a service is the one that the text is about.
	text.Servers = nil

	router, err := gorillamux.NewRouter(text)
	if err != nil {
		panic(err)
	}

	return Mux{ServeMux: http.NewServeMux(), router: router, log: log, options: openapi3filter.Options{
		MultiError:              true,
		SchemaValidationOptions: text.GetSchemaValidationOptions(),
	}}
}

// HandleFunc adds a route. Generated code calls it.
func (m Mux) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	m.ServeMux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		// It asks for what GET does, without the body, and net/http leaves that away. No text says so of each path.
		if r.Method == http.MethodHead {
			r = r.WithContext(r.Context())
			r.Method = http.MethodGet
		}

		if err := m.check(r); err != nil {
			problem.Write(w, r, m.log, err)

			return
		}

		handler(w, r)
	})
}

// Unreadable answers 400 where generated code cannot bind a parameter that has passed the check: give it to
// oapi-codegen as StdHTTPServerOptions.ErrorHandlerFunc.
func Unreadable(log *slog.Logger) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, _ error) {
		problem.Write(w, r, log, problem.New(http.StatusBadRequest, "the request cannot be read"))
	}
}

// check returns what the caller is told of a request that is not as the text says.
func (m Mux) check(r *http.Request) error {
	// The pattern of a route takes what the text's path does not: words of its own that are escaped.
	route, parameters, err := m.router.FindRoute(r)
	if err != nil {
		return problem.New(http.StatusNotFound, "there is nothing at this path")
	}

	broken, err := readBody(r, route.Operation.RequestBody)
	if err != nil {
		return err
	}

	options := m.options
	options.ExcludeRequestBody = len(broken) > 0

	err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request: r, PathParams: parameters, Route: route, Options: &options,
	})

	all := slices.Concat(repeated(r, route.Operation.Parameters), broken)
	if err != nil {
		all = append(all, invalid(err, problem.Invalid{In: body})...)
	}

	if len(all) == 0 {
		return nil
	}

	p := problem.New(http.StatusBadRequest, "the request is not as the OpenAPI text says")
	p.Errors = all

	return p
}

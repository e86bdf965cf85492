// Package openapi validates requests with the OpenAPI document of a service.
package openapi

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"github.com/msur/platform/apps/chassis/problem"
)

// Mux is a mux that answers 400 to an invalid request, with every invalid field at once.
//
// It validates in each route, not around the mux, so that logs and metrics know the route. The middlewares of
// oapi-codegen run too late: parameters are parsed before them, and parsing stops at the first invalid one.
type Mux struct {
	*http.ServeMux

	document *openapi3.T
	options  openapi3filter.Options
	log      *slog.Logger
}

// NewMux returns a mux without routes. It uses the document's own validators of formats.
func NewMux(document *openapi3.T, log *slog.Logger) Mux {
	return Mux{ServeMux: http.NewServeMux(), document: document, log: log, options: openapi3filter.Options{
		MultiError: true,
		// Generated code takes the validated value instead of decoding the body again.
		KeepValidatedValue:      true,
		SchemaValidationOptions: document.GetSchemaValidationOptions(),
	}}
}

// HandleFunc adds a route such as "GET /things/{id}", for generated code. It panics if the document lacks the route.
func (m Mux) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	route := m.route(pattern)

	m.ServeMux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		// HEAD is valid if GET is, and net/http omits the body. No document lists HEAD for each path.
		if r.Method == http.MethodHead {
			r = r.WithContext(r.Context())
			r.Method = http.MethodGet
		}

		if err := route.validate(r); err != nil {
			problem.Write(w, r, m.log, err)

			return
		}

		handler(w, r)
	})
}

// Unreadable answers 400 if generated code cannot parse a valid parameter: give it to oapi-codegen as
// StdHTTPServerOptions.ErrorHandlerFunc.
func Unreadable(log *slog.Logger) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, _ error) {
		problem.Write(w, r, log, problem.New(http.StatusBadRequest, "the request cannot be parsed"))
	}
}

// route validates the requests of a route.
type route struct {
	routers.Route

	options  openapi3filter.Options
	segments []string
	// wildcards are the names of the parameters in the path.
	wildcards []string
	// short may be nil.
	short *shortcut
}

func (m Mux) route(pattern string) route {
	method, path, _ := strings.Cut(pattern, " ")

	item := m.document.Paths.Value(path)
	if item == nil || item.GetOperation(method) == nil {
		panic("the OpenAPI document has no " + pattern)
	}

	found := route{
		Route: routers.Route{
			Spec: m.document, Path: path, PathItem: item, Method: method, Operation: item.GetOperation(method),
		},
		options: m.options, segments: strings.Split(path, "/"),
	}

	for _, segment := range found.segments {
		if strings.HasPrefix(segment, "{") {
			found.wildcards = append(found.wildcards, strings.Trim(segment, "{}"))
		}
	}

	found.short = found.newShortcut()

	return found
}

// matches reports whether the fixed segments of a path are as in the document. net/http also matches escaped ones.
func (s route) matches(r *http.Request) bool {
	if r.URL.RawPath == "" {
		return true
	}

	segments := strings.Split(r.URL.EscapedPath(), "/")

	return slices.EqualFunc(s.segments, segments, func(want, got string) bool {
		return strings.HasPrefix(want, "{") || got == want
	})
}

// validate returns the problem of an invalid request.
func (s route) validate(r *http.Request) error {
	if !s.matches(r) {
		return problem.New(http.StatusNotFound, "there is nothing at this path")
	}

	text, err := readBody(r, s.Operation.RequestBody)
	if err != nil {
		return err
	}

	if s.short != nil && s.short.accepts(r, text) {
		return nil
	}

	return s.validateAll(r, text)
}

// validateAll returns the problem of a request with a body, with every invalid field.
func (s route) validateAll(r *http.Request, text []byte) error {
	invalidBody := ambiguous(text, s.Operation.RequestBody)

	options := s.options
	options.ExcludeRequestBody = len(invalidBody) > 0

	input := &openapi3filter.RequestValidationInput{
		Request: r, Route: &s.Route, Options: &options, QueryParams: r.URL.Query(), PathParams: make(map[string]string),
	}
	for _, name := range s.wildcards {
		input.PathParams[name] = r.PathValue(name)
	}

	all := slices.Concat(repeated(r, s.Operation.Parameters), invalidBody)
	if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
		all = append(all, invalid(err, problem.Invalid{In: body})...)
	}

	if len(all) == 0 {
		return nil
	}

	p := problem.New(http.StatusBadRequest, "the request does not match the OpenAPI document")
	p.Errors = all

	return p
}

// Package openapi checks requests against the OpenAPI text of a service.
package openapi

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	validator "github.com/oapi-codegen/nethttp-middleware"

	"github.com/msur/platform/apps/chassis/problem"
)

// Mux is a mux that answers 400 to a request which is not as the text says, with every invalid field at once.
//
// The check goes around each route rather than around the mux, so that logs and metrics know the route. The middlewares
// of oapi-codegen come too late for it: parameters are read before them, and that stops at the first fault.
type Mux struct {
	*http.ServeMux

	validate func(http.Handler) http.Handler
}

// NewMux makes a mux without routes. Formats that the text knows the check of are checked. It panics on a text that
// makes no sense.
func NewMux(text *openapi3.T, log *slog.Logger) Mux {
	validate := validator.OapiRequestValidatorWithOptions(text, &validator.Options{
		Options: openapi3filter.Options{
			MultiError:              true,
			SchemaValidationOptions: text.GetSchemaValidationOptions(),
		},
		DoNotValidateServers: true,
		ErrorHandlerWithOpts: func(
			_ context.Context, err error, w http.ResponseWriter, r *http.Request, _ validator.ErrorHandlerOpts,
		) {
			problem.Write(w, r, log, refusal(err))
		},
	})

	return Mux{ServeMux: http.NewServeMux(), validate: validate}
}

// HandleFunc adds a route. Generated code calls it.
func (m Mux) HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request)) {
	m.Handle(pattern, m.validate(http.HandlerFunc(handler)))
}

// Unreadable answers 400 where generated code cannot bind a parameter that has passed the check, as one that is given
// twice: give it to oapi-codegen as StdHTTPServerOptions.ErrorHandlerFunc.
func Unreadable(log *slog.Logger) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, _ error) {
		problem.Write(w, r, log, problem.New(http.StatusBadRequest, "the request cannot be read"))
	}
}

// refusal is what the caller is told of a request that is not as the text says.
func refusal(err error) error {
	// A body that is too long fails while it is read, wrapped in what the validator makes of that.
	if tooLong, is := errors.AsType[*http.MaxBytesError](err); is {
		return tooLong
	}

	return &problem.Problem{
		Title:  http.StatusText(http.StatusBadRequest),
		Status: http.StatusBadRequest,
		Detail: "the request is not as the OpenAPI text says",
		Errors: invalid(err, problem.Invalid{}),
	}
}

// invalid lists the fields in an error of the validator, which nests: many requests' errors, in each of which there are
// many schemas' errors. What is known of the field on the way down is in at.
func invalid(err error, at problem.Invalid) []problem.Invalid {
	switch known := err.(type) { //nolint:errorlint // level by level: errors.As would skip some
	case openapi3.MultiError:
		var all []problem.Invalid
		for _, one := range known {
			all = append(all, invalid(one, at)...)
		}

		return all
	case *openapi3filter.RequestError:
		return ofRequest(known)
	case *openapi3.SchemaError:
		if at.In == body {
			at.Field += pointer(known.JSONPointer())
		}

		at.Detail = known.Reason
	default:
		at.Detail = err.Error()
	}

	return []problem.Invalid{at}
}

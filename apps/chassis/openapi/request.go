package openapi

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/msur/platform/apps/chassis/problem"
)

const (
	// body is where a fault is that is in no parameter.
	body       = "body"
	unreadable = "it cannot be read as what the OpenAPI text says"
)

// invalid lists the fields in an error of the validator, which nests: many requests' errors, in each of which there are
// many schemas' errors. What is known of the field on the way down is in at. No other error's text is told: it may
// speak of the inside.
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
		at.Detail = cmp.Or(at.Detail, unreadable)
	}

	return []problem.Invalid{at}
}

// ofRequest lists what is invalid in one parameter or in the body.
func ofRequest(err *openapi3filter.RequestError) []problem.Invalid {
	at := problem.Invalid{In: body, Detail: err.Reason}
	if err.Parameter != nil {
		at.In, at.Field = err.Parameter.In, err.Parameter.Name
	}

	if _, is := errors.AsType[*openapi3filter.ParseError](err.Err); is {
		at.Detail = unreadable

		return []problem.Invalid{at}
	}

	if err.Err == nil {
		return []problem.Invalid{at}
	}

	return invalid(err.Err, at)
}

// repeated lists the parameters that are given several times, where one value is wanted: the check takes the first of
// them, and what reads the parameter may take another.
func repeated(r *http.Request, parameters openapi3.Parameters) []problem.Invalid {
	var all []problem.Invalid

	query := r.URL.Query()

	for _, parameter := range parameters {
		at, times := parameter.Value, 0

		switch at.In {
		case openapi3.ParameterInQuery:
			times = len(query[at.Name])
		case openapi3.ParameterInHeader:
			times = len(r.Header.Values(at.Name))
		}

		if times > 1 && !at.Schema.Value.Type.Is(openapi3.TypeArray) {
			all = append(all, problem.Invalid{
				In: at.In, Field: at.Name, Detail: fmt.Sprintf("it is given %d times, once is wanted", times),
			})
		}
	}

	return all
}

// pointer writes the way to a member as a JSON pointer (RFC 6901).
func pointer(path []string) string {
	var text strings.Builder

	escape := strings.NewReplacer("~", "~0", "/", "~1")

	for _, step := range path {
		text.WriteString("/" + escape.Replace(step))
	}

	return text.String()
}

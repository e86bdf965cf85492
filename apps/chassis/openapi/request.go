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
	// body is the place of an error that is not in a parameter.
	body       = "body"
	unreadable = "the value cannot be parsed"
)

// invalid lists the fields in an error of the validator. The error is nested: RequestErrors contain SchemaErrors. at
// holds what the outer errors say about the field. The text of any other error stays internal.
func invalid(err error, at problem.Invalid) []problem.Invalid {
	switch known := err.(type) { //nolint:errorlint // errors.As would skip levels
	case openapi3.MultiError:
		var all []problem.Invalid
		for _, inner := range known {
			all = append(all, invalid(inner, at)...)
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

// ofRequest lists the invalid fields of a parameter or of the body.
func ofRequest(err *openapi3filter.RequestError) []problem.Invalid {
	at := problem.Invalid{In: body, Detail: err.Reason}
	if err.Parameter != nil {
		at.In, at.Field = err.Parameter.In, err.Parameter.Name
	}

	if _, ok := errors.AsType[*openapi3filter.ParseError](err.Err); ok {
		at.Detail = unreadable

		return []problem.Invalid{at}
	}

	if err.Err == nil {
		return []problem.Invalid{at}
	}

	return invalid(err.Err, at)
}

// repeated lists the parameters that are given several times although they have one value. The validator would use the
// first value, and generated code might use another.
func repeated(r *http.Request, parameters openapi3.Parameters) []problem.Invalid {
	var all []problem.Invalid

	for _, reference := range parameters {
		parameter := reference.Value

		_, times := valueOf(r, parameter)
		if times > 1 && !parameter.Schema.Value.Type.Is(openapi3.TypeArray) {
			all = append(all, problem.Invalid{
				In: parameter.In, Field: parameter.Name, Detail: fmt.Sprintf("got %d values, expected one", times),
			})
		}
	}

	return all
}

// pointer returns the path of a member as a JSON pointer (RFC 6901).
func pointer(path []string) string {
	var text strings.Builder

	escape := strings.NewReplacer("~", "~0", "/", "~1")

	for _, step := range path {
		text.WriteString("/" + escape.Replace(step))
	}

	return text.String()
}

package openapi

import (
	"errors"
	"strings"

	"github.com/getkin/kin-openapi/openapi3filter"

	"github.com/msur/platform/apps/chassis/problem"
)

const body = "body"

// ofRequest lists what is invalid in one parameter or in the body.
func ofRequest(err *openapi3filter.RequestError) []problem.Invalid {
	at := problem.Invalid{In: body, Detail: err.Reason}
	if err.Parameter != nil {
		at.In, at.Field = err.Parameter.In, err.Parameter.Name
	}

	var unreadable *openapi3filter.ParseError

	switch {
	case errors.As(err.Err, &unreadable):
		at.Detail = "it cannot be read as what the OpenAPI text says"

		return []problem.Invalid{at}
	case err.Err == nil:
		return []problem.Invalid{at}
	default:
		return invalid(err.Err, at)
	}
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

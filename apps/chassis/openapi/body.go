package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/msur/platform/apps/chassis/problem"
)

// readBody returns the body of the type that the document expects, and leaves the body to be read again.
func readBody(r *http.Request, expected *openapi3.RequestBodyRef) ([]byte, error) {
	if expected == nil {
		return nil, nil
	}

	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, unread(err)
	}

	r.Body = io.NopCloser(bytes.NewReader(text))

	if len(text) > 0 && expected.Value.Content.Get(r.Header.Get("Content-Type")) == nil {
		types := slices.Sorted(maps.Keys(expected.Value.Content))

		return nil, problem.New(http.StatusUnsupportedMediaType, "the body must be "+strings.Join(types, " or "))
	}

	return text, nil
}

// ambiguous returns the problem of a body that is missing, or is not one JSON value, or has a member twice: parsers
// differ in what they make of such bodies.
func ambiguous(text []byte, expected *openapi3.RequestBodyRef) []problem.Invalid {
	switch {
	case expected == nil || len(text) == 0 && !expected.Value.Required:
		return nil
	case len(text) == 0:
		return []problem.Invalid{{In: body, Detail: "value is required but missing"}}
	case !json.Valid(text):
		return []problem.Invalid{{In: body, Detail: "expected one JSON value"}}
	}

	if path := twice(json.NewDecoder(bytes.NewReader(text)), nil); path != nil {
		return []problem.Invalid{{In: body, Field: pointer(path), Detail: "the member is given more than once"}}
	}

	return nil
}

// unread returns the problem of a body that could not be read.
func unread(err error) error {
	if tooLong, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLong
	}

	p := problem.New(http.StatusBadRequest, "the body cannot be read")
	if errors.Is(err, os.ErrDeadlineExceeded) {
		p = problem.New(http.StatusRequestTimeout, "the body took too long to arrive")
	}

	p.Cause = err

	return p
}

// twice returns the path of the first member that a valid JSON value has more than once.
func twice(value *json.Decoder, path []string) []string {
	opening, _ := value.Token()
	if opening != json.Delim('{') && opening != json.Delim('[') {
		return nil
	}

	names := make(map[string]bool)

	for n := 0; value.More(); n++ {
		step := strconv.Itoa(n)

		if opening == json.Delim('{') {
			name, _ := value.Token()
			step, _ = name.(string)

			if names[step] {
				return append(path, step)
			}

			names[step] = true
		}

		if found := twice(value, append(path, step)); found != nil {
			return found
		}
	}

	value.Token() //nolint:errcheck // the closing delimiter

	return nil
}

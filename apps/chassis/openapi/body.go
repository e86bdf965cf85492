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

// readBody reads a body that the text wants, and leaves it to be read again. It lists what makes it another thing than
// one JSON value of which every member is given once: readers differ in what they make of the rest.
func readBody(r *http.Request, wanted *openapi3.RequestBodyRef) ([]problem.Invalid, error) {
	if wanted == nil {
		return nil, nil
	}

	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, unread(err)
	}

	r.Body = io.NopCloser(bytes.NewReader(text))

	switch {
	case len(text) == 0 && wanted.Value.Required:
		return []problem.Invalid{{In: body, Detail: "value is required but missing"}}, nil
	case len(text) == 0:
		return nil, nil
	case wanted.Value.Content.Get(r.Header.Get("Content-Type")) == nil:
		types := slices.Sorted(maps.Keys(wanted.Value.Content))

		return nil, problem.New(http.StatusUnsupportedMediaType, "the body is to be "+strings.Join(types, " or "))
	case !json.Valid(text):
		return []problem.Invalid{{In: body, Detail: "it is not one JSON value"}}, nil
	}

	if path := twice(json.NewDecoder(bytes.NewReader(text)), nil); path != nil {
		return []problem.Invalid{{In: body, Field: pointer(path), Detail: "it is given more than once"}}, nil
	}

	return nil, nil
}

// unread is what the caller is told of a body that could not be read.
func unread(err error) error {
	if tooLong, is := errors.AsType[*http.MaxBytesError](err); is {
		return tooLong
	}

	p := problem.New(http.StatusBadRequest, "the body cannot be read")
	if errors.Is(err, os.ErrDeadlineExceeded) {
		p = problem.New(http.StatusRequestTimeout, "the body took too long to arrive")
	}

	p.Cause = err

	return p
}

// twice finds the way to a member that a JSON value, which is known to be one, gives more than once: the first such.
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

	value.Token() //nolint:errcheck // what closes it

	return nil
}

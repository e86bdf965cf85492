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

// readBody returns the JSON value of the body that the document expects, and leaves the body to be read again. A body
// must be one JSON value, with no member twice: parsers differ in what they make of anything else.
func readBody(r *http.Request, expected *openapi3.RequestBodyRef) (any, []problem.Invalid, error) {
	if expected == nil {
		return nil, nil, nil
	}

	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, nil, unread(err)
	}

	r.Body = io.NopCloser(bytes.NewReader(text))

	switch {
	case len(text) == 0 && expected.Value.Required:
		return nil, []problem.Invalid{{In: body, Detail: "value is required but missing"}}, nil
	case len(text) == 0:
		return nil, nil, nil
	case expected.Value.Content.Get(r.Header.Get("Content-Type")) == nil:
		types := slices.Sorted(maps.Keys(expected.Value.Content))

		return nil, nil, problem.New(http.StatusUnsupportedMediaType, "the body must be "+strings.Join(types, " or "))
	}

	var value any

	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()

	isValue := json.Valid(text) && decoder.Decode(&value) == nil
	if !isValue {
		return nil, []problem.Invalid{{In: body, Detail: "expected one JSON value"}}, nil
	}

	// The decoded value keeps one of two members with the same name.
	if members(value) != colons(text) {
		path := twice(json.NewDecoder(bytes.NewReader(text)), nil)

		return nil, []problem.Invalid{{In: body, Field: pointer(path), Detail: "the member is given more than once"}}, nil
	}

	return value, nil, nil
}

// members counts the members of all objects in a JSON value.
func members(value any) int {
	count := 0

	switch value := value.(type) {
	case map[string]any:
		count = len(value)
		for _, member := range value {
			count += members(member)
		}
	case []any:
		for _, element := range value {
			count += members(element)
		}
	}

	return count
}

// colons counts the colons outside the strings of a JSON document, one for each member.
func colons(text []byte) int {
	count, inString := 0, false

	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			inString = !inString
		case inString && text[i] == '\\':
			i++
		case text[i] == ':' && !inString:
			count++
		}
	}

	return count
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

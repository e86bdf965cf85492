package openapi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/openapi"
	"github.com/msur/platform/apps/chassis/problem"
)

const text = `
openapi: 3.0.3
info: {title: things, version: "1"}
servers: [{url: "http://elsewhere.example"}]
paths:
  /things/{id}:
    get:
      parameters:
        - {in: path, name: id, required: true, schema: {type: string}}
        - {in: query, name: count, schema: {type: integer}}
        - {in: query, name: many, schema: {type: array, items: {type: integer}}}
        - {in: header, name: X-Trace, schema: {type: string}}
      responses: {"200": {description: done}}
    put:
      parameters:
        - {in: path, name: id, required: true, schema: {type: string, pattern: "^[a-z]+$"}}
        - {in: query, name: count, required: true, schema: {type: integer}}
        - {in: query, name: word, required: true, schema: {type: string, minLength: 3, pattern: "^[a-z]+$"}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              required: [name, a/b]
              properties:
                name: {type: string, maxLength: 3}
                a/b: {type: integer, maximum: 5}
                even: {type: string, format: even}
                list: {type: array, items: {type: integer}}
      responses: {"200": {description: done}}
`

var errOdd = errors.New("odd")

// valid is a body as the text says.
const valid = `{"name": "abc", "a/b": 1}`

// mux has a handler that expects to find the whole body.
func mux(t *testing.T, log io.Writer) openapi.Mux {
	t.Helper()

	spec, err := openapi3.NewLoader().LoadFromData([]byte(text))
	require.NoError(t, err)

	spec.SetStringFormatValidator("even", openapi3.NewCallbackValidator(func(value string) error {
		if len(value)%2 == 1 {
			return errOdd
		}

		return nil
	}))

	mux := openapi.NewMux(spec, logs.New(log))
	mux.HandleFunc("PUT /things/{id}", echo)
	mux.HandleFunc("GET /things/{id}", echo)

	return mux
}

// put sends a request, and returns the answer.
func put(t *testing.T, target string, body io.Reader) *httptest.ResponseRecorder {
	t.Helper()

	r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, target, body)
	r.Header.Set("Content-Type", "application/json")

	w := httptest.NewRecorder()
	r.Body = http.MaxBytesReader(w, r.Body, 100)
	mux(t, new(bytes.Buffer)).ServeHTTP(w, r)

	return w
}

func echo(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }

func TestAValidRequestPassesWithItsBody(t *testing.T) {
	t.Parallel()

	w := put(t, things, strings.NewReader(valid))

	assert.Equal(t, http.StatusOK, w.Code, w.Body)
	assert.JSONEq(t, valid, w.Body.String())
}

func TestAllInvalidFieldsAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	body := strings.NewReader(`{"name": "abcd", "a/b": 6, "list": [1, "x"], "y": 1, "even": "abc"}`)
	w := put(t, "/things/1?count=many&word=A", body)

	assert.Equal(t, http.StatusBadRequest, w.Code)

	var told problem.Problem
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &told))
	assert.ElementsMatch(t, []problem.Invalid{
		{In: "path", Field: "id", Detail: `string doesn't match the regular expression "^[a-z]+$"`},
		{In: "query", Field: "count", Detail: "the value cannot be parsed"},
		{In: "query", Field: "word", Detail: "minimum string length is 3"},
		{In: "query", Field: "word", Detail: `string doesn't match the regular expression "^[a-z]+$"`},
		{In: "body", Field: "/name", Detail: "maximum string length is 3"},
		{In: "body", Field: "/a~1b", Detail: "number must be at most 5"},
		{In: "body", Field: "/even", Detail: `string doesn't match the format "even" (odd)`},
		{In: "body", Field: "/list/1", Detail: "value must be an integer"},
		{In: "body", Field: "", Detail: `property "y" is unsupported`},
	}, told.Errors)
}

func TestMissingFieldsAreReported(t *testing.T) {
	t.Parallel()

	w := put(t, "/things/x?word=", strings.NewReader(`{}`))

	var told problem.Problem
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &told))
	assert.ElementsMatch(t, []problem.Invalid{
		{In: "query", Field: "count", Detail: "value is required but missing"},
		{In: "query", Field: "word", Detail: "minimum string length is 3"},
		{In: "query", Field: "word", Detail: `string doesn't match the regular expression "^[a-z]+$"`},
		{In: "body", Field: "/name", Detail: `property "name" is missing`},
		{In: "body", Field: "/a~1b", Detail: `property "a/b" is missing`},
	}, told.Errors)
}

func TestARepeatedParameterIsInvalid(t *testing.T) {
	t.Parallel()

	ask := func(target string, trace ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		r.Header["X-Trace"] = trace

		w := httptest.NewRecorder()
		mux(t, new(bytes.Buffer)).ServeHTTP(w, r)

		return w
	}

	w := ask("/things/x?count=1&count=2&many=1&many=2&other=1&other=2", "a", "b")
	assert.Equal(t, http.StatusBadRequest, w.Code)

	var told problem.Problem
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &told))
	assert.ElementsMatch(t, []problem.Invalid{
		{In: "query", Field: "count", Detail: "got 2 values, expected one"},
		{In: "header", Field: "X-Trace", Detail: "got 2 values, expected one"},
	}, told.Errors)

	assert.Equal(t, http.StatusOK, ask("/things/x?count=1&many=1&many=2", "a").Code)
}

func TestHeadIsValidatedAsGet(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(mux(t, new(bytes.Buffer)))
	defer server.Close()

	for target, want := range map[string]int{"?count=1": http.StatusOK, "?count=many": http.StatusBadRequest} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodHead, server.URL+"/things/x"+target, nil)
		require.NoError(t, err)

		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		assert.Equal(t, want, answer.StatusCode, target)
	}
}

func TestAPathThatTheDocumentLacksGets404(t *testing.T) {
	t.Parallel()

	// The mux reads what is escaped in its own words, the text's router does not.
	w := put(t, "/%74hings/x?count=1&word=abc", strings.NewReader(valid))

	assert.Equal(t, http.StatusNotFound, w.Code)
	assert.NotContains(t, w.Body.String(), `"in"`)
}

func TestABodyThatIsTooLongGets413(t *testing.T) {
	t.Parallel()

	w := put(t, things, strings.NewReader(strings.Repeat(" ", 101)))

	assert.Equal(t, http.StatusRequestEntityTooLarge, w.Code)
}

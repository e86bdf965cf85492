package contracttest

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"
)

// document validates requests and answers with an OpenAPI document.
type document struct{ router routers.Router }

func load(t testing.TB, path string) *document {
	t.Helper()

	loaded, err := openapi3.NewLoader().LoadFromFile(path)
	require.NoError(t, err)
	require.NoError(t, loaded.Validate(t.Context(), openapi3.DisableExamplesValidation()))

	loaded.Servers = nil
	router, err := gorillamux.NewRouter(loaded)
	require.NoError(t, err)

	return &document{router: router}
}

func (d *document) input(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, parameters, err := d.router.FindRoute(r)

	return &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route}, err
}

// checkRequest validates a request, and leaves its body to be sent.
func (d *document) checkRequest(t testing.TB, r *http.Request) {
	t.Helper()

	input, err := d.input(r)
	require.NoError(t, err)
	require.NoError(t, openapi3filter.ValidateRequest(r.Context(), input))
}

// checkAnswer validates an answer, unless the document lacks the request.
func (d *document) checkAnswer(t testing.TB, r *http.Request, a Answer) {
	t.Helper()

	input, err := d.input(r)
	if err != nil {
		return
	}

	require.NoError(t, openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: a.Status, Header: a.Header,
		Body:    io.NopCloser(strings.NewReader(a.Body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}), "%s: %d %s", r.URL, a.Status, a.Body)
}

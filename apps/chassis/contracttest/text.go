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

// text holds requests and answers against an OpenAPI text.
type text struct{ router routers.Router }

func load(t testing.TB, path string) *text {
	t.Helper()

	loaded, err := openapi3.NewLoader().LoadFromFile(path)
	require.NoError(t, err)
	require.NoError(t, loaded.Validate(t.Context(), openapi3.DisableExamplesValidation()))

	loaded.Servers = nil
	router, err := gorillamux.NewRouter(loaded)
	require.NoError(t, err)

	return &text{router: router}
}

func (c *text) input(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, parameters, err := c.router.FindRoute(r)

	return &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route}, err
}

// checkRequest checks a request, and leaves its body to be sent.
func (c *text) checkRequest(t testing.TB, r *http.Request) {
	t.Helper()

	input, err := c.input(r)
	require.NoError(t, err)
	require.NoError(t, openapi3filter.ValidateRequest(r.Context(), input))
}

// checkAnswer checks an answer, the one to a request that is not in the text excepted.
func (c *text) checkAnswer(t testing.TB, r *http.Request, a Answer) {
	t.Helper()

	input, err := c.input(r)
	if err != nil {
		return
	}

	require.NoError(t, openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: a.Status, Header: a.Header,
		Body:    io.NopCloser(strings.NewReader(a.Body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}), "%s: %d %s", r.URL, a.Status, a.Body)
}

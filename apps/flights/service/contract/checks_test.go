package contract_test

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

// checks holds requests and answers against the OpenAPI text as it stands in the repository.
type checks struct{ router routers.Router }

func newChecks(t testing.TB) *checks {
	t.Helper()

	text, err := openapi3.NewLoader().LoadFromFile("../../api/openapi.yaml")
	require.NoError(t, err)
	require.NoError(t, text.Validate(t.Context(), openapi3.DisableExamplesValidation()))

	text.Servers = nil
	router, err := gorillamux.NewRouter(text)
	require.NoError(t, err)

	// The answers of /health are JSON to the validator, once it is told so.
	return &checks{router: router}
}

func (c *checks) input(r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, parameters, err := c.router.FindRoute(r)

	return &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route}, err
}

// request checks a request.
func (c *checks) request(t testing.TB, r *http.Request) {
	t.Helper()

	input, err := c.input(r)
	require.NoError(t, err)
	require.NoError(t, openapi3filter.ValidateRequest(r.Context(), input))
}

// answer checks an answer, the one to a request that is not in the text excepted.
func (c *checks) answer(t testing.TB, r *http.Request, a answer) {
	t.Helper()

	input, err := c.input(r)
	if err != nil {
		return
	}

	require.NoError(t, openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: a.status, Header: a.header,
		Body:    io.NopCloser(strings.NewReader(a.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}), "%s: %d %s", r.URL, a.status, a.body)
}

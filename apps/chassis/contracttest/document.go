package contracttest

import (
	"net/http"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"
)

// load returns the routes of an OpenAPI document, which validate requests and answers.
func load(t testing.TB, path string) routers.Router {
	t.Helper()

	loaded, err := openapi3.NewLoader().LoadFromFile(path)
	require.NoError(t, err)
	require.NoError(t, loaded.Validate(t.Context(), openapi3.DisableExamplesValidation()))

	loaded.Servers = nil
	router, err := gorillamux.NewRouter(loaded)
	require.NoError(t, err)

	return router
}

func input(document routers.Router, r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, parameters, err := document.FindRoute(r)

	return &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route}, err
}

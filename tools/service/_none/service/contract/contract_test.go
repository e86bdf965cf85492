// Package contract_test sends the requests of callers, over HTTP, and validates requests and answers with the OpenAPI
// document.
package contract_test

import (
	"net/http"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/reservations/service/cli"
)

func TestContract(t *testing.T) {
	t.Parallel()

	s := contracttest.Start(t, cli.Program(), "../../api/openapi.yaml", []string{"PORT=0", "DRAIN_DELAY=0s"})

	a := s.Ask(t, contracttest.Request(t, http.MethodGet, "/reservations/werty", ""))
	assert.Equal(t, http.StatusOK, a.Status)
	assert.JSONEq(t, `{"id": "werty", "self": "/reservations/werty"}`, a.Body)

	a = s.AskAnything(t, contracttest.Request(t, http.MethodGet, "/reservations/a*", ""))
	assert.Equal(t, http.StatusBadRequest, a.Status)
	assert.Contains(t, a.Body, `"in":"path","field":"id"`)

	for _, probe := range []string{"/ping", "/health"} {
		a = s.Ask(t, contracttest.Request(t, http.MethodGet, probe, ""))
		assert.Equal(t, http.StatusOK, a.Status, probe)
	}

	a = s.AskAnything(t, contracttest.Request(t, http.MethodGet, "/metrics", ""))
	assert.Contains(t, a.Body, `http_requests_total{code="200",method="GET",route="/reservations/{id}"} 1`)
}

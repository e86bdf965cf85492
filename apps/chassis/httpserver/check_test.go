package httpserver_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/httpserver"
	"github.com/msur/platform/apps/chassis/logs"
)

func TestCheckFailsUnlessTheAnswerIs200(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/health" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()

	check := func(environ ...string) error { return httpserver.Check().Run(t.Context(), logs.New(new(log)), environ) }

	require.NoError(t, check("CHECK_URL="+server.URL+"/health"))
	require.ErrorContains(t, check("CHECK_URL="+server.URL+"/other"), "503")
	require.ErrorContains(t, check(), "CHECK_URL")
	require.ErrorContains(t, check("CHECK_URL=:"), "CHECK_URL")
	require.ErrorContains(t, check("CHECK_URL=http://127.0.0.1:1/"), "CHECK_URL")
}

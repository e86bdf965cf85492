package api_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/msur/platform/apps/chassis/logs"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/api"
	"github.com/msur/platform/apps/reservations/service/reservations"
)

// fake is a store in which another customer has 12B, and every other seat is free; or it returns an error.
type fake struct{ err error }

func (f fake) Reserved(context.Context, string) ([]string, error) { return []string{"12B"}, f.err }

func (f fake) Reserve(context.Context, reservations.Seat, string) error { return f.err }

func (f fake) Cancel(context.Context, reservations.Seat, string) error { return f.err }

func routes(t testing.TB, store reservations.Store, log *bytes.Buffer) *http.ServeMux {
	t.Helper()

	mux, err := api.New(store, logs.New(log))
	require.NoError(t, err)

	return mux
}

// ask sends a request with a JSON body and a customer, unless they are empty.
func ask(t testing.TB, handler http.Handler, method, target, body, customer string) *httptest.ResponseRecorder {
	t.Helper()

	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}

	if customer != "" {
		r.Header["X-Customer-Id"] = []string{customer}
	}

	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)

	return w
}

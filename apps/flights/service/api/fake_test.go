package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/logs"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/api"
	"github.com/msur/platform/apps/flights/service/flights"
	"github.com/msur/platform/apps/flights/service/seed"
)

// fake is a store with one flight, AA2532, or with nothing but an error.
type fake struct{ err error }

func (f fake) Departures(_ context.Context, number string, _ *time.Time) ([]flights.Flight, error) {
	if number != "AA2532" {
		return nil, f.err
	}

	return []flights.Flight{{ID: "edcc03a4-7f4e-40d1-898d-bf84a266f1b9", Origin: "LAX", Destination: "DCA"}}, f.err
}

func (f fake) SeatMap(_ context.Context, number string) (json.RawMessage, error) {
	if f.err == nil && number != "AA2532" {
		return nil, flights.ErrUnknown
	}

	return json.RawMessage(seed.SeatMap), f.err
}

func routes(t testing.TB, store flights.Store, log *bytes.Buffer) *http.ServeMux {
	t.Helper()

	mux, err := api.New(store, logs.New(log))
	require.NoError(t, err)

	return mux
}

func get(t testing.TB, handler http.Handler, target string) *httptest.ResponseRecorder {
	t.Helper()

	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil))

	return w
}

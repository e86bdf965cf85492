package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/msur/platform/apps/chassis/stores"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/reservations/service/reservations"
)

var errInternal = errors.New("hash hunter2 is gone")

const (
	seat  = `{"seat_num":"12B","flight_id":"werty","customer_id":"dfgh"}`
	same  = "/reservations?flight_id=werty&seat_num=12B"
	taken = "/reservations?flight_id=werty"
)

func TestEachErrorOfTheStoreHasItsStatus(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		err    error
		want   int
		logged bool
	}{
		"not available": {fmt.Errorf("%w: hunter2", stores.ErrUnavailable), http.StatusServiceUnavailable, true},
		"too slow":      {fmt.Errorf("hunter2: %w", context.DeadlineExceeded), http.StatusGatewayTimeout, true},
		"our mistake":   {errInternal, http.StatusInternalServerError, true},
		"free":          {reservations.ErrFree, http.StatusNotFound, false},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var log bytes.Buffer

			mux := routes(t, fake{test.err}, &log)
			for method, target := range map[string]string{
				http.MethodGet: taken, http.MethodPut: "/reservations", http.MethodDelete: same,
			} {
				log.Reset()

				body := ""
				if method == http.MethodPut {
					body = seat
				}

				w := ask(t, mux, method, target, body, "dfgh")

				assert.Equal(t, test.want, w.Code, method)
				assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
				assert.NotContains(t, w.Body.String(), "hunter2")
				assert.Equal(t, test.logged, log.Len() > 0, log.String())
			}
		})
	}
}

func TestASeatOfAnotherCustomerGetsTheBooks403(t *testing.T) {
	t.Parallel()

	mux := routes(t, fake{reservations.ErrTaken}, new(bytes.Buffer))

	w := ask(t, mux, http.MethodPut, "/reservations", seat, "")
	assert.Equal(t, http.StatusForbidden, w.Code)
	assert.JSONEq(t, `{"error": "Could not complete reservation for 12B",
		"description": "Seat already reserved. Cannot double-book"}`, w.Body.String())

	w = ask(t, mux, http.MethodDelete, same, "", "dfgh")
	assert.Equal(t, http.StatusForbidden, w.Code)
	assert.JSONEq(t, `{"error": "Could not cancel reservation for 12B",
		"description": "Seat reserved by another customer"}`, w.Body.String())
}

func TestARepeatedParameterIsInvalid(t *testing.T) {
	t.Parallel()

	w := ask(t, routes(t, fake{}, new(bytes.Buffer)), http.MethodGet, taken+"&flight_id=other", "", "")

	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Contains(t, w.Body.String(), `"in":"query","field":"flight_id","detail":"got 2 values, expected one"`)
}

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

	"github.com/msur/platform/apps/flights/service/flights"
)

var errInternal = errors.New("table hunter2 is gone")

func TestEachErrorOfTheStoreHasItsStatus(t *testing.T) {
	t.Parallel()

	tests := map[string]struct {
		err    error
		want   int
		logged bool
	}{
		"unknown":     {flights.ErrUnknown, http.StatusNotFound, false},
		"unavailable": {fmt.Errorf("%w: hunter2", stores.ErrUnavailable), http.StatusServiceUnavailable, true},
		"too slow":    {fmt.Errorf("hunter2: %w", context.DeadlineExceeded), http.StatusGatewayTimeout, true},
		"a mistake":   {errInternal, http.StatusInternalServerError, true},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			for _, target := range []string{
				"/flights?flight_no=AA1", "/flights?flight_no=AA1&departure_date_time=2020-05-17T13:20",
				"/flights/AA1/seat_map",
			} {
				var log bytes.Buffer

				w := get(t, routes(t, fake{test.err}, &log), target)

				assert.Equal(t, test.want, w.Code, target)
				assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
				assert.NotContains(t, w.Body.String(), "hunter2")
				assert.Equal(t, test.logged, log.Len() > 0, log.String())
			}
		})
	}
}

func TestARepeatedParameterIsInvalid(t *testing.T) {
	t.Parallel()

	w := get(t, routes(t, fake{}, new(bytes.Buffer)), "/flights?flight_no=AA1&flight_no=AA2")

	assert.Equal(t, http.StatusBadRequest, w.Code)
}

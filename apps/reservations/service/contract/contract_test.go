// Package contract_test sends the requests of callers, over HTTP, to the service on each store that it runs on, and
// validates requests and answers with the OpenAPI document.
package contract_test

import (
	"net/http"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/redis/redistest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/cli"
)

func TestContractOnTheEmbeddedStore(t *testing.T) {
	t.Parallel()

	_, store := redistest.Embedded(t)
	suite(t, start(t, store.Environ()))
}

func TestContractOnRedis(t *testing.T) {
	t.Parallel()

	suite(t, start(t, redistest.Real(t).Environ()))
}

// start serves until the test ends.
func start(t testing.TB, environ []string) *contracttest.Service {
	t.Helper()

	return contracttest.Start(t, cli.Program(), "../../api/openapi.yaml", environ)
}

func suite(t *testing.T, s *contracttest.Service) {
	t.Helper()
	t.Run("the requests of the book get its answers", func(t *testing.T) { book(t, s) })
	t.Run("only its customer cancels a reservation", func(t *testing.T) { cancelled(t, s) })
	t.Run("seats are listed in order, without their customers", func(t *testing.T) { listed(t, s) })
	t.Run("invalid requests get a problem", func(t *testing.T) { refused(t, s) })
	t.Run("HEAD gets the status of GET", func(t *testing.T) { head(t, s) })
	t.Run("requests are counted", func(t *testing.T) { counted(t, s) })
}

const done = `{"status": "success"}`

// reserve reserves a seat.
func reserve(t testing.TB, s *contracttest.Service, seat, flight, customer string) contracttest.Answer {
	t.Helper()

	return s.Ask(t, contracttest.Request(t, http.MethodPut, "/reservations",
		`{"seat_num":"`+seat+`","flight_id":"`+flight+`","customer_id":"`+customer+`"}`))
}

// seats lists the reserved seats of a flight.
func seats(t testing.TB, s *contracttest.Service, flight string) string {
	t.Helper()

	a := s.Ask(t, contracttest.Request(t, http.MethodGet, "/reservations?flight_id="+flight, ""))
	require.Equal(t, http.StatusOK, a.Status)

	return a.Body
}

// cancel cancels a reservation.
func cancel(t testing.TB, s *contracttest.Service, seat, flight, customer string) contracttest.Answer {
	t.Helper()

	r := contracttest.Request(t, http.MethodDelete, "/reservations?flight_id="+flight+"&seat_num="+seat, "")
	r.Header.Set("X-Customer-Id", customer)

	return s.Ask(t, r)
}

func book(t *testing.T, s *contracttest.Service) {
	t.Helper()

	a := reserve(t, s, "12B", "werty", "dfgh")
	assert.Equal(t, http.StatusOK, a.Status)
	assert.JSONEq(t, done, a.Body)

	a = reserve(t, s, "12B", "werty", "dfgh")
	assert.Equal(t, http.StatusOK, a.Status, "the same customer, again")
	assert.JSONEq(t, done, a.Body)

	reserve(t, s, "12C", "werty", "dfgh")
	assert.JSONEq(t, `[{"seat_no": "12B"}, {"seat_no": "12C"}]`, seats(t, s, "werty"))

	a = reserve(t, s, "12C", "werty", "jkl")
	assert.Equal(t, http.StatusForbidden, a.Status)
	assert.JSONEq(t, `{"error": "Could not complete reservation for 12C",
		"description": "Seat already reserved. Cannot double-book"}`, a.Body)

	a = s.Ask(t, contracttest.Request(t, http.MethodGet, "/ping", ""))
	assert.Equal(t, http.StatusOK, a.Status)
	assert.JSONEq(t, `{"status": "pass"}`, a.Body)

	a = s.Ask(t, contracttest.Request(t, http.MethodGet, "/health", ""))
	assert.Equal(t, http.StatusOK, a.Status)
	assert.Contains(t, a.Body, `"redis:ping":{"status":"pass"`)
}

func cancelled(t *testing.T, s *contracttest.Service) {
	t.Helper()

	const flight = "back"

	reserve(t, s, "1A", flight, "mine")
	reserve(t, s, "1B", flight, "other")

	a := cancel(t, s, "1B", flight, "mine")
	assert.Equal(t, http.StatusForbidden, a.Status)
	assert.Contains(t, a.Body, "Could not cancel reservation for 1B")

	a = cancel(t, s, "1A", flight, "mine")
	assert.Equal(t, http.StatusOK, a.Status)
	assert.JSONEq(t, done, a.Body)
	assert.Equal(t, http.StatusNotFound, cancel(t, s, "1A", flight, "mine").Status, "the seat is free now")
	assert.JSONEq(t, `[{"seat_no": "1B"}]`, seats(t, s, flight))
	assert.Equal(t, http.StatusOK, reserve(t, s, "1A", flight, "third").Status, "another customer can have it")
}

func listed(t *testing.T, s *contracttest.Service) {
	t.Helper()

	for _, seat := range []string{"100A", "12B", "9C", "12A"} {
		reserve(t, s, seat, "order", "somebody")
	}

	list := seats(t, s, "order")
	assert.JSONEq(t, `[{"seat_no":"9C"}, {"seat_no":"12A"}, {"seat_no":"12B"}, {"seat_no":"100A"}]`, list)
	assert.NotContains(t, list, "somebody")
	assert.JSONEq(t, "[]", seats(t, s, "none"))
	assert.NotContains(t, s.Log.String(), "somebody", "the log names no customers")
}

func refused(t *testing.T, s *contracttest.Service) {
	t.Helper()

	for body, wants := range map[string][]string{
		"{":                                      {`"in":"body"`},
		`{"seat_num":"12B","flight_id":"werty"}`: {"/customer_id"},
		`{"seat_num":"12B","flight_id":"werty","customer_id":"a","seat":"1A"}`: {`"in":"body"`, "seat"},
		`{"seat_num":"0","flight_id":"a b","customer_id":""}`: {
			"/seat_num", "/flight_id", "/customer_id",
		},
		`{"seat_num":"12B","flight_id":"werty","customer_id":"a"}x`:                   {`"in":"body"`},
		`{"seat_num":"12B","flight_id":"werty","customer_id":"a","seat_num":"12C"}`:   {"/seat_num"},
		`{"seat_num":12,"flight_id":"werty","customer_id":"a"}`:                       {"/seat_num"},
		`{"seat_num":"1000A","flight_id":"werty","customer_id":"a` + "\\u0000" + `"}`: {"/seat_num", "/customer_id"},
	} {
		a := s.AskAnything(t, contracttest.Request(t, http.MethodPut, "/reservations", body))
		assert.Equal(t, http.StatusBadRequest, a.Status, body)

		for _, want := range wants {
			assert.Contains(t, a.Body, want, body)
		}
	}

	for target, wants := range map[string][]string{
		"/reservations":              {`{"in":"query","field":"flight_id","detail":"value is required but missing"}`},
		"/reservations?flight_id=":   {`"field":"flight_id"`},
		"/reservations?flight_id=a*": {`"field":"flight_id"`},
	} {
		a := s.AskAnything(t, contracttest.Request(t, http.MethodGet, target, ""))
		assert.Equal(t, http.StatusBadRequest, a.Status, target)

		for _, want := range wants {
			assert.Contains(t, a.Body, want, target)
		}
	}

	a := s.AskAnything(t, contracttest.Request(t, http.MethodDelete, "/reservations?seat_num=12", ""))
	assert.Equal(t, http.StatusBadRequest, a.Status)

	for _, field := range []string{"flight_id", "seat_num", "X-Customer-ID"} {
		assert.Contains(t, a.Body, `"field":"`+field+`"`, "all at once")
	}

	a = s.AskAnything(t, contracttest.Request(t, http.MethodPost, "/reservations", "{}"))
	assert.Equal(t, http.StatusMethodNotAllowed, a.Status)
	assert.Equal(t, "DELETE, GET, HEAD, PUT", a.Header.Get("Allow"))
	assert.Contains(t, a.Header.Get("Content-Type"), "application/problem+json")

	r := contracttest.Request(t, http.MethodPut, "/reservations", "seat_num=12B")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	assert.Equal(t, http.StatusUnsupportedMediaType, s.AskAnything(t, r).Status)
}

// head asserts that HEAD gets the status of GET.
func head(t *testing.T, s *contracttest.Service) {
	t.Helper()

	for target, want := range map[string]int{
		"/reservations?flight_id=werty": http.StatusOK,
		"/reservations":                 http.StatusBadRequest,
	} {
		a := s.AskAnything(t, contracttest.Request(t, http.MethodHead, target, ""))
		assert.Equal(t, want, a.Status, target)
		assert.Empty(t, a.Body)
	}
}

func counted(t *testing.T, s *contracttest.Service) {
	t.Helper()

	a := s.AskAnything(t, contracttest.Request(t, http.MethodGet, "/metrics", ""))
	assert.Equal(t, http.StatusOK, a.Status)

	for _, want := range []string{
		`http_requests_total{code="403",method="PUT",route="/reservations"} 1`,
		`http_request_duration_seconds_bucket{method="GET",route="/reservations",le="0.005"}`,
		`http_requests_in_flight 1`, `redis_pool_connections 1`, `redis_pool_timeouts_total 0`,
	} {
		assert.Contains(t, a.Body, want)
	}

	assert.Contains(t, s.Log.String(), "REDIS_TLS=off", "a connection without TLS is logged")
}

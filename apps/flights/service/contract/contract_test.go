// Package contract_test sends the requests of callers, over HTTP, to the service on each database that it runs on, and
// validates requests and answers with the OpenAPI document.
package contract_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/seed"
)

func TestContractOnTheEmbeddedDatabase(t *testing.T) {
	t.Parallel()

	suite(t, start(t, embedded(t).Environ()))
}

func TestContractOnMariaDB(t *testing.T) {
	t.Parallel()

	suite(t, start(t, mariaDB(t).Environ()))
}

func suite(t *testing.T, s *service) {
	t.Helper()
	t.Run("the requests of the book get its answers", func(t *testing.T) { book(t, s) })
	t.Run("flights are found", func(t *testing.T) { found(t, s) })
	t.Run("invalid requests get a problem", func(t *testing.T) { refused(t, s) })
	t.Run("requests are counted", func(t *testing.T) { counted(t, s) })
}

const atNoon = `[{"flight_id": "edcc03a4-7f4e-40d1-898d-bf84a266f1b9", "origin_code": "LAX",
	"destination_code": "DCA"}]`

func book(t *testing.T, s *service) {
	t.Helper()

	a := s.get(t, "/flights?flight_no=AA2532&departure_date_time=2020-05-17T13:20")
	assert.Equal(t, http.StatusOK, a.Status)
	assert.JSONEq(t, atNoon, a.Body)

	r := request(t, http.MethodGet, "/flights?flight_no=AA2532")
	r.Host = "flightsvc.com"
	a = s.Ask(t, r)
	assert.Equal(t, http.StatusOK, a.Status)
	assert.Contains(t, a.Body, "edcc03a4-7f4e-40d1-898d-bf84a266f1b9")

	a = s.get(t, "/flights?flight_no=AA34&departure_date_time=2020-05-17T13:20")
	assert.Equal(t, http.StatusOK, a.Status)
	assert.Contains(t, a.Body, `"origin_code":"LAX"`)

	a = s.get(t, "/flights/AA2532/seat_map")
	assert.Equal(t, http.StatusOK, a.Status)
	assert.JSONEq(t, seed.SeatMap, a.Body)

	a = s.get(t, "/ping")
	assert.Equal(t, http.StatusOK, a.Status)
	assert.JSONEq(t, `{"status": "pass"}`, a.Body)

	a = s.get(t, "/health")
	assert.Equal(t, http.StatusOK, a.Status)
	assert.Regexp(t, `^\{"status":"pass","details":\{"db:dbQuery":\{"status":"pass","metricValue":\d+,`+
		`"metricUnit":"ms","time":"[0-9T:.-]+Z"}}}\n$`, a.Body)
}

func found(t *testing.T, s *service) {
	t.Helper()

	a := s.get(t, "/flights?flight_no=AA2532")
	require.Equal(t, http.StatusOK, a.Status)

	earlier, first, later := strings.Index(a.Body, "b1c35a52"), strings.Index(a.Body, "edcc03a4"),
		strings.Index(a.Body, "2d7f8a0e")
	assert.True(t, 0 < earlier && earlier < first && first < later, "soonest first: %s", a.Body)

	for _, nothing := range []string{
		"/flights?flight_no=ZZ99", "/flights?flight_no=AA2532&departure_date_time=2020-05-17T13:21",
		"/flights?flight_no=AA2532&departure_date_time=0001-01-01T00:00",
		"/flights?flight_no=AA2532&departure_date_time=0000-01-01T00:00",
	} {
		a = s.get(t, nothing)
		assert.Equal(t, http.StatusOK, a.Status, nothing)
		assert.JSONEq(t, "[]", a.Body, nothing)
	}

	a = s.get(t, "/flights?flight_no=aa2532&departure_date_time=2020-05-17T13:20")
	assert.JSONEq(t, atNoon, a.Body, "flight numbers in lower case")
	assert.Equal(t, http.StatusOK, s.get(t, "/flights/aa2532/seat_map").Status)
}

func refused(t *testing.T, s *service) {
	t.Helper()

	a := s.get(t, "/flights/ZZ99/seat_map")
	assert.Equal(t, http.StatusNotFound, a.Status)
	assert.Contains(t, a.Body, "there is no such flight number")

	for target, want := range map[string]string{
		"/flights":                       `{"in":"query","field":"flight_no","detail":"value is required but missing"}`,
		"/flights?flight_no=A1":          `minimum string length is 3`,
		"/flights?flight_no=AAAAA1":      `string doesn't match the regular expression`,
		"/flights?flight_no=AA123456789": `maximum string length is 10`,
		"/flights/25/seat_map":           `"in":"path","field":"flight_no"`,
		"/flights?flight_no=AA1&departure_date_time=2020-02-30T10:00": `"field":"departure_date_time"`,
		"/flights?flight_no=AA1&departure_date_time=tomorrow":         `"field":"departure_date_time"`,
		"/flights?flight_no=AA1&departure_date_time=":                 `"field":"departure_date_time"`,
	} {
		a := s.AskAnything(t, request(t, http.MethodGet, target))
		assert.Equal(t, http.StatusBadRequest, a.Status, target)
		assert.Contains(t, a.Body, want, target)
	}

	a = s.AskAnything(t, request(t, http.MethodGet, "/flights?flight_no=1&departure_date_time=2020-02-30T10:00"))
	assert.Contains(t, a.Body, `"field":"flight_no"`)
	assert.Contains(t, a.Body, `"field":"departure_date_time"`, "both at once")

	assert.Equal(t, http.StatusNotFound, s.AskAnything(t, request(t, http.MethodGet, "/none")).Status)
	assert.Equal(t, http.StatusMethodNotAllowed, s.AskAnything(t, request(t, http.MethodDelete, "/flights")).Status)
}

func counted(t *testing.T, s *service) {
	t.Helper()

	for _, want := range []string{
		`http_requests_total{code="404",method="GET",route="/flights/{flight_no}/seat_map"} 1`,
		`http_requests_total{code="400",method="GET",route="/flights"}`,
		`http_request_duration_seconds_bucket{method="GET",route="/flights",le="0.005"}`,
		`http_requests_in_flight 1`,
		`go_sql_max_open_connections{db_name="microservices_db"} 17`,
	} {
		assert.Contains(t, s.metrics(t), want)
	}
}

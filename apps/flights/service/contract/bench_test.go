package contract_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/mysqltest"
)

const (
	byTime = `SELECT flights.flight_id, seat_maps.origin_code, seat_maps.destination_code FROM flights ` +
		`JOIN seat_maps ON seat_maps.flight_no = flights.flight_no ` +
		`WHERE flights.flight_no = 'AA2532' AND flights.flight_date = '2020-05-17 13:20:00'`
	byNumber = `SELECT seat_map FROM seat_maps WHERE flight_no = 'AA2532'`
)

// BenchmarkFlights measures each endpoint beside a handler that only answers and beside what MariaDB's own benchmark
// gets out of it by the same statement.
func BenchmarkFlights(b *testing.B) {
	database := sample(b)
	s, url := start(b, database.Environ()), contracttest.Process(b, database.Environ())

	cfg := database.Config(mysqltest.Admin)
	cfg.MaxConnections = contracttest.Concurrency
	db := mysqltest.Open(b, cfg)

	b.Run("flights", func(b *testing.B) {
		contracttest.Compare(b, []contracttest.Contender{contracttest.Bare(b, atNoon), slap(database, byTime)},
			contracttest.Least(b, "net/http and database/sql", func(r *http.Request) (any, error) {
				var id, origin, destination string

				err := db.QueryRowContext(r.Context(), byTime).Scan(&id, &origin, &destination)

				return []string{id, origin, destination}, err
			}),
			contracttest.Get(b, "GET /flights", url+"/flights?flight_no=AA2532&departure_date_time=2020-05-17T13:20"))
	})
	b.Run("seat_map", func(b *testing.B) {
		shown := s.get(b, "/flights/AA2532/seat_map").Body
		contracttest.Compare(b, []contracttest.Contender{contracttest.Bare(b, shown), slap(database, byNumber)},
			contracttest.Least(b, "net/http and database/sql", func(r *http.Request) (any, error) {
				var text []byte

				err := db.QueryRowContext(r.Context(), byNumber).Scan(&text)

				return json.RawMessage(text), err
			}),
			contracttest.Get(b, "GET /flights/{flight_no}/seat_map", url+"/flights/AA2532/seat_map"))
	})
}

// slap is mysqlslap with one statement.
func slap(database *mysqltest.MariaDB, statement string) contracttest.Contender {
	return contracttest.Contender{Name: "mysqlslap", PerSecond: func(t testing.TB) float64 {
		t.Helper()

		const queries = 20_000

		host, port, err := net.SplitHostPort(database.Address)
		require.NoError(t, err)

		//nolint:gosec // our own arguments
		text, err := exec.CommandContext(t.Context(), "mysqlslap", "--no-defaults", "--host="+host, "--port="+port,
			"--user="+mysqltest.Admin, "--password="+mysqltest.Admin, "--create-schema="+mysqltest.Database,
			fmt.Sprintf("--concurrency=%d", contracttest.Concurrency),
			fmt.Sprintf("--number-of-queries=%d", queries), "--query="+statement).CombinedOutput()
		require.NoError(t, err, "%s", text)

		found := regexp.MustCompile(`Average number of seconds to run all queries: ([0-9.]+)`).FindSubmatch(text)
		require.NotNil(t, found, "%s", text)

		seconds, err := strconv.ParseFloat(string(found[1]), 64)
		require.NoError(t, err)

		return queries / seconds
	}}
}

package contract_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/stretchr/testify/require"
)

const (
	byTime = `SELECT flights.flight_id, seat_maps.origin_code, seat_maps.destination_code FROM flights ` +
		`JOIN seat_maps ON seat_maps.flight_no = flights.flight_no ` +
		`WHERE flights.flight_no = 'AA2532' AND flights.flight_date = '2020-05-17 13:20:00'`
	byNumber = `SELECT seat_map FROM seat_maps WHERE flight_no = 'AA2532'`
)

// BenchmarkFlights measures each endpoint beside a handler that only answers, beside what MariaDB's own benchmark gets
// out of it by the same statement, and beside the least handler with that statement in it.
func BenchmarkFlights(b *testing.B) {
	contracttest.Need(b, "mysqlslap", "mariadb-client")

	database := mariaDB(b)
	s, url := start(b, database.Environ()), contracttest.Process(b, database.Environ())

	cfg := database.Config(mysqltest.Admin)
	cfg.MaxConnections = contracttest.Concurrency
	db := mysqltest.Open(b, cfg)

	b.Run("flights", func(b *testing.B) {
		contracttest.Compare(b, contracttest.Endpoint{
			Name: "GET /flights", URL: url, Body: atNoon,
			Request:   get("/flights?flight_no=AA2532&departure_date_time=2020-05-17T13:20"),
			Benchmark: "mysqlslap", Measure: slap(database, byTime),
			Driver: "database/sql", Least: func(r *http.Request) (any, error) {
				var id, origin, destination string

				err := db.QueryRowContext(r.Context(), byTime).Scan(&id, &origin, &destination)

				return []string{id, origin, destination}, err
			},
		})
	})
	b.Run("seat_map", func(b *testing.B) {
		contracttest.Compare(b, contracttest.Endpoint{
			Name: "GET /flights/{flight_no}/seat_map", URL: url, Body: s.get(b, "/flights/AA2532/seat_map").Body,
			Request:   get("/flights/AA2532/seat_map"),
			Benchmark: "mysqlslap", Measure: slap(database, byNumber),
			Driver: "database/sql", Least: func(r *http.Request) (any, error) {
				var text []byte

				err := db.QueryRowContext(r.Context(), byNumber).Scan(&text)

				return json.RawMessage(text), err
			},
		})
	})
}

func get(target string) func(context.Context) *http.Request {
	return func(ctx context.Context) *http.Request {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
		if err != nil {
			panic(err) // a constant
		}

		return r
	}
}

// slap is mysqlslap with one statement. It does not tell how long the slowest took.
func slap(database *mysqltest.MariaDB, statement string) func(testing.TB) contracttest.Measured {
	return func(t testing.TB) contracttest.Measured {
		t.Helper()

		const queries = 20_000

		host, port, err := net.SplitHostPort(database.Address)
		require.NoError(t, err)

		text, err := exec.CommandContext(t.Context(), "mysqlslap", "--no-defaults", "--host="+host, "--port="+port,
			"--user="+mysqltest.Admin, "--password="+mysqltest.Admin, "--create-schema="+database.Database,
			fmt.Sprintf("--concurrency=%d", contracttest.Concurrency),
			fmt.Sprintf("--number-of-queries=%d", queries), "--query="+statement).CombinedOutput()
		require.NoError(t, err, "%s", text)

		found := regexp.MustCompile(`Average number of seconds to run all queries: ([0-9.]+)`).FindSubmatch(text)
		require.NotNil(t, found, "%s", text)

		seconds, err := strconv.ParseFloat(string(found[1]), 64)
		require.NoError(t, err)

		return contracttest.Measured{PerSecond: queries / seconds}
	}
}

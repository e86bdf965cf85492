package contract_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/stretchr/testify/require"
)

const (
	byTime = `SELECT flights.flight_id, seat_maps.origin_code, seat_maps.destination_code FROM flights ` +
		`JOIN seat_maps ON seat_maps.flight_no = flights.flight_no ` +
		`WHERE flights.flight_no = 'AA2532' AND flights.flight_date = '2020-05-17 13:20:00'`
	byNumber = `SELECT seat_map FROM seat_maps WHERE flight_no = 'AA2532'`
)

// BenchmarkFlights measures each endpoint beside a handler that only answers, beside MariaDB's own benchmark with the
// same statement, and beside the minimal handler.
func BenchmarkFlights(b *testing.B) {
	contracttest.Need(b, "mysqlslap", "mariadb-client")

	database := mariaDB(b)
	s, all := start(b, database.Environ()), contracttest.Endpoint{
		URL:        contracttest.Process(b, database.Environ()),
		MinimalURL: contracttest.MinimalProcess(b, database.Environ("MYSQL_MAX_CONNECTIONS=64")),
		Benchmark:  "mysqlslap", Driver: "database/sql",
	}

	b.Run("flights", func(b *testing.B) {
		flights := all
		flights.Name, flights.Body, flights.Measure = "GET /flights", atNoon, slap(database, byTime)
		flights.Request = get("/flights?flight_no=AA2532&departure_date_time=2020-05-17T13:20")
		contracttest.Compare(b, flights)
	})
	b.Run("seat_map", func(b *testing.B) {
		seatMap := all
		seatMap.Name, seatMap.Measure = "GET /flights/{flight_no}/seat_map", slap(database, byNumber)
		seatMap.Body = s.get(b, "/flights/AA2532/seat_map").Body
		seatMap.Request = get("/flights/AA2532/seat_map")
		contracttest.Compare(b, seatMap)
	})
}

// minimal is the minimal handler: the service's statements.
func minimal(environ []string) (map[string]contracttest.Query, error) {
	r := config.NewReader(environ)
	database := mysql.ReadConfig(r, "")

	if err := r.Err(); err != nil {
		return nil, err
	}

	db, err := mysql.OpenPool(context.Background(), database, slog.New(slog.DiscardHandler))

	return map[string]contracttest.Query{
		"GET /flights": func(r *http.Request) (any, error) {
			var id, origin, destination string

			err := db.QueryRowContext(r.Context(), byTime).Scan(&id, &origin, &destination)

			return []string{id, origin, destination}, err
		},
		"GET /flights/{flight_no}/seat_map": func(r *http.Request) (any, error) {
			var text []byte

			err := db.QueryRowContext(r.Context(), byNumber).Scan(&text)

			return json.RawMessage(text), err
		},
	}, err
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

package contract_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/redis/redistest"
	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/api"
)

// BenchmarkReservations measures each endpoint beside a handler that only answers, beside what Redis's own benchmark
// gets out of it by the same command, and beside the least handler with the service's commands in it.
func BenchmarkReservations(b *testing.B) {
	contracttest.Need(b, "redis-benchmark", "redis-tools")

	store := redistest.Real(b)
	s, url := start(b, store.Environ()), contracttest.Process(b, store.Environ())

	for _, number := range []string{"12B", "12C"} {
		reserve(b, s, number, "werty", "dfgh")
	}

	// Set as the service sets it: RESP2, and one pool for all.
	client := goredis.NewClient(&goredis.Options{
		Addr: store.Address, Protocol: 2, PoolSize: contracttest.Concurrency, PipelinePoolSize: -1,
	})
	defer client.Close()

	b.Run("list", func(b *testing.B) {
		contracttest.Compare(b, contracttest.Endpoint{
			Name: "GET /reservations", URL: url, Body: seats(b, s, "werty"),
			Request: func(ctx context.Context) *http.Request {
				return ask(ctx, http.MethodGet, "/reservations?flight_id=werty")
			},
			Benchmark: "redis-benchmark", Measure: redis(store, "HKEYS", "flights:werty"),
			Driver: "go-redis", Least: func(r *http.Request) (any, error) {
				return client.HKeys(r.Context(), "flights:"+r.URL.Query().Get("flight_id")).Result()
			},
		})
	})
	b.Run("reserve", func(b *testing.B) { reserving(b, store, client, url) })
	b.Run("cancel", func(b *testing.B) { cancelling(b, store, client, url) })
}

func reserving(b *testing.B, store *redistest.Redis, client *goredis.Client, url string) {
	b.Helper()

	var next atomic.Int64

	contracttest.Compare(b, contracttest.Endpoint{
		Name: "PUT /reservations", URL: url, Body: done,
		Request: func(ctx context.Context) *http.Request {
			return want(ctx, fmt.Sprintf("flight-%d", next.Add(1)), "12B", "dfgh")
		},
		Benchmark: "redis-benchmark", Measure: redis(store, "HSETNX", "flights:__rand_int__", "12B", "dfgh"),
		Driver: "go-redis", Least: func(r *http.Request) (any, error) {
			var seat api.Reservation
			if err := json.NewDecoder(r.Body).Decode(&seat); err != nil {
				return nil, err
			}

			both := client.Pipeline()
			both.HSetNX(r.Context(), "flights:"+seat.FlightId, seat.SeatNum, seat.CustomerId)
			owner := both.HGet(r.Context(), "flights:"+seat.FlightId, seat.SeatNum)
			_, err := both.Exec(r.Context())

			return owner.Val(), err
		},
	})
}

func cancelling(b *testing.B, store *redistest.Redis, client *goredis.Client, url string) {
	b.Helper()

	// More than can be given back in a second: each is one's own only once.
	const reserved = 100_000

	var next atomic.Int64

	contracttest.Compare(b, contracttest.Endpoint{
		Name: "DELETE /reservations", URL: url, Body: done,
		Prepare: func() {
			next.Store(0)

			require.NoError(b, client.Eval(b.Context(), `for i = 1, ARGV[1] do
	redis.call("HSET", "flights:cancel-" .. i, "12B", "dfgh")
end return 0`, nil, reserved).Err())
		},
		Request: func(ctx context.Context) *http.Request {
			r := ask(ctx, http.MethodDelete, fmt.Sprintf("/reservations?flight_id=cancel-%d&seat_num=12B", next.Add(1)))
			r.Header.Set("X-Customer-Id", "dfgh")

			return r
		},
		Benchmark: "redis-benchmark", Measure: redis(store, "HDEL", "flights:__rand_int__", "12B"),
		Driver: "go-redis", Least: func(r *http.Request) (any, error) {
			ctx := r.Context()
			key, seat := "flights:"+r.URL.Query().Get("flight_id"), r.URL.Query().Get("seat_num")

			return "success", client.Watch(ctx, func(tx *goredis.Tx) error {
				look := tx.Pipeline()
				look.HDel(ctx, key, "")
				look.HGet(ctx, key, seat)

				if _, err := look.Exec(ctx); err != nil {
					return err
				}

				deed := tx.TxPipeline()
				deed.HDel(ctx, key, seat)
				_, err := deed.Exec(ctx)

				return err
			}, key)
		},
	})
}

func ask(ctx context.Context, method, target string) *http.Request {
	r, err := http.NewRequestWithContext(ctx, method, target, nil)
	if err != nil {
		panic(err) // a constant, but for a number
	}

	return r
}

// redis is redis-benchmark with one command.
func redis(store *redistest.Redis, command ...string) func(testing.TB) contracttest.Measured {
	return func(t testing.TB) contracttest.Measured {
		t.Helper()

		host, port, err := net.SplitHostPort(store.Address)
		require.NoError(t, err)

		arguments := append([]string{
			"-h", host, "-p", port, "-c", strconv.Itoa(contracttest.Concurrency), "-n", "50000", "-r", "1000000000", "--csv",
		}, command...)

		text, err := exec.CommandContext(t.Context(), "redis-benchmark", arguments...).Output()
		require.NoError(t, err, "%s", text)

		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		require.NoError(t, err, "%s", text)
		require.Len(t, rows, 2, "a head and a line: %s", text)

		found := make(map[string]float64)

		for i, column := range rows[0] {
			if column != "test" {
				found[column], err = strconv.ParseFloat(rows[1][i], 64)
				require.NoError(t, err, "%s", text)
			}
		}

		require.NotZero(t, found["rps"], "%s", text)

		return contracttest.Measured{PerSecond: found["rps"], Slowest: found["p99_latency_ms"]}
	}
}

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

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/contracttest"
	chassisredis "github.com/msur/platform/apps/chassis/redis"
	"github.com/msur/platform/apps/chassis/redis/redistest"
	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/api"
)

// BenchmarkReservations measures each endpoint beside a handler that only answers, beside Redis's own benchmark with
// the same command, and beside the minimal handler.
func BenchmarkReservations(b *testing.B) {
	contracttest.Need(b, "redis-benchmark", "redis-tools")

	store := redistest.Real(b)
	s, all := start(b, store.Environ()), contracttest.Endpoint{
		URL: contracttest.Process(b, store.Environ()), MinimalURL: contracttest.MinimalProcess(b, store.Environ()),
		Benchmark: "redis-benchmark", Driver: "go-redis",
	}

	for _, number := range []string{"12B", "12C"} {
		reserve(b, s, number, "werty", "dfgh")
	}

	b.Run("list", func(b *testing.B) {
		list := all
		list.Name, list.Body = "GET /reservations", seats(b, s, "werty")
		list.Measure = redis(store, "HKEYS", "flights:werty")
		list.Request = func(ctx context.Context) *http.Request {
			return ask(ctx, http.MethodGet, "/reservations?flight_id=werty")
		}
		contracttest.Compare(b, list)
	})
	b.Run("reserve", func(b *testing.B) {
		var next atomic.Int64

		reserve := all
		reserve.Name, reserve.Body = "PUT /reservations", done
		reserve.Measure = redis(store, "HSETNX", "flights:__rand_int__", "12B", "dfgh")
		reserve.Request = func(ctx context.Context) *http.Request {
			return want(ctx, fmt.Sprintf("flight-%d", next.Add(1)), "12B", "dfgh")
		}
		contracttest.Compare(b, reserve)
	})
	b.Run("cancel", func(b *testing.B) { cancelling(b, store, all) })
}

func cancelling(b *testing.B, store *redistest.Redis, cancel contracttest.Endpoint) {
	b.Helper()

	// More than can be cancelled in a second: each can be cancelled once.
	const reserved = 100_000

	client := goredis.NewClient(&goredis.Options{Addr: store.Address})
	defer client.Close()

	var next atomic.Int64

	cancel.Name, cancel.Body = "DELETE /reservations", done
	cancel.Measure = redis(store, "HDEL", "flights:__rand_int__", "12B")
	cancel.Prepare = func() {
		next.Store(0)

		require.NoError(b, client.Eval(b.Context(), `for i = 1, ARGV[1] do
	redis.call("HSET", "flights:cancel-" .. i, "12B", "dfgh")
end return 0`, nil, reserved).Err())
	}
	cancel.Request = func(ctx context.Context) *http.Request {
		r := ask(ctx, http.MethodDelete, fmt.Sprintf("/reservations?flight_id=cancel-%d&seat_num=12B", next.Add(1)))
		r.Header.Set("X-Customer-Id", "dfgh")

		return r
	}
	contracttest.Compare(b, cancel)
}

// minimal is the minimal handler: the service's commands, with the options of its client that affect speed.
func minimal(environ []string) (map[string]contracttest.Query, error) {
	r := config.NewReader(environ)
	store := chassisredis.ReadConfig(r)
	client := goredis.NewClient(&goredis.Options{
		Addr: store.Address(), Protocol: 2, PoolSize: contracttest.Concurrency, PipelinePoolSize: -1,
	})

	return map[string]contracttest.Query{
		"GET /reservations": func(r *http.Request) (any, error) {
			return client.HKeys(r.Context(), "flights:"+r.URL.Query().Get("flight_id")).Result()
		},
		"PUT /reservations": func(r *http.Request) (any, error) {
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
		"DELETE /reservations": func(r *http.Request) (any, error) {
			ctx := r.Context()
			key, seat := "flights:"+r.URL.Query().Get("flight_id"), r.URL.Query().Get("seat_num")

			return "success", client.Watch(ctx, func(tx *goredis.Tx) error {
				read := tx.Pipeline()
				read.HDel(ctx, key, "")
				read.HGet(ctx, key, seat)

				if _, err := read.Exec(ctx); err != nil {
					return err
				}

				write := tx.TxPipeline()
				write.HDel(ctx, key, seat)
				_, err := write.Exec(ctx)

				return err
			}, key)
		},
	}, r.Err()
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

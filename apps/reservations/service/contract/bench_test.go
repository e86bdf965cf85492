package contract_test

import (
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"regexp"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	goredis "github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/redistest"
)

// BenchmarkReservations measures each endpoint beside a handler that only answers and beside what Redis's own benchmark
// gets out of it by the same commands.
func BenchmarkReservations(b *testing.B) {
	store := redistest.Real(b)
	s, url := start(b, store.Environ()), contracttest.Process(b, store.Environ())

	for _, number := range []string{"12B", "12C"} {
		reserve(b, s, number, "werty", "dfgh")
	}

	client := goredis.NewClient(&goredis.Options{Addr: store.Address, PoolSize: contracttest.Concurrency})
	defer client.Close() //nolint:errcheck // the benchmark is over

	b.Run("list", func(b *testing.B) {
		contracttest.Compare(b,
			[]contracttest.Contender{contracttest.Bare(b, seats(b, s, "werty")), redis(store, "HKEYS", "flights:werty")},
			contracttest.Least(b, "net/http and go-redis", func(r *http.Request) (any, error) {
				return client.HKeys(r.Context(), "flights:"+r.URL.Query().Get("flight_id")).Result()
			}),
			contracttest.Get(b, "GET /reservations", url+"/reservations?flight_id=werty"))
	})

	var next atomic.Int64

	b.Run("reserve", func(b *testing.B) {
		contracttest.Compare(b,
			[]contracttest.Contender{
				contracttest.Bare(b, done), redis(store, "HSETNX", "flights:__rand_int__", "12B", "dfgh"),
			},
			contracttest.Contender{Name: "PUT /reservations", Request: func() *http.Request {
				r := want(b.Context(), fmt.Sprintf("flight-%d", next.Add(1)), "12B", "dfgh")
				r.URL.Scheme, r.URL.Host = "http", url[len("http://"):]

				return r
			}})
	})
}

// redis is redis-benchmark with one command.
func redis(store *redistest.Redis, command ...string) contracttest.Contender {
	return contracttest.Contender{Name: "redis-benchmark", PerSecond: func(t testing.TB) float64 {
		t.Helper()

		host, port, err := net.SplitHostPort(store.Address)
		require.NoError(t, err)

		arguments := append([]string{
			"-h", host, "-p", port, "-c", strconv.Itoa(contracttest.Concurrency), "-n", "50000", "-r", "1000000000", "-q",
		}, command...)

		text, err := exec.CommandContext(t.Context(), "redis-benchmark", arguments...).CombinedOutput() //nolint:gosec // ours
		require.NoError(t, err, "%s", text)

		found := regexp.MustCompile(`([0-9.]+) requests per second`).FindSubmatch(text)
		require.NotNil(t, found, "%s", text)

		rate, err := strconv.ParseFloat(string(found[1]), 64)
		require.NoError(t, err)

		return rate
	}}
}

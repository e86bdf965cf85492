package contract_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// concurrency is how many callers ask at a time.
const concurrency = 64

// BenchmarkService measures each endpoint over MariaDB, and beside it a handler that does nothing but answer.
func BenchmarkService(b *testing.B) {
	database := sample(b)
	s := start(b, database.Environ())

	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, atNoon) //nolint:errcheck // a measurement
	}))
	defer bare.Close()

	for _, c := range []struct{ name, url string }{
		{"bare", bare.URL},
		{"flights", s.URL + "/flights?flight_no=AA2532&departure_date_time=2020-05-17T13:20"},
		{"seat_map", s.URL + "/flights/AA2532/seat_map"},
	} {
		b.Run(c.name, func(b *testing.B) { measure(b, c.url) })
	}
}

func measure(b *testing.B, url string) {
	b.Helper()

	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: concurrency}}
	defer client.CloseIdleConnections()

	var (
		mutex sync.Mutex
		all   []time.Duration
	)

	b.SetParallelism(concurrency / runtime.GOMAXPROCS(0))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var mine []time.Duration

		for pb.Next() {
			start := time.Now()

			fetch(b, client, url)

			mine = append(mine, time.Since(start))
		}

		mutex.Lock()
		defer mutex.Unlock()

		all = append(all, mine...)
	})

	slices.Sort(all)
	b.ReportMetric(float64(len(all))/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}

func fetch(b *testing.B, client *http.Client, url string) {
	b.Helper()

	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		b.Error(err)

		return
	}

	response, err := client.Do(request)
	if err != nil {
		b.Error(err)

		return
	}
	defer response.Body.Close() //nolint:errcheck // it has been read

	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		b.Errorf("%d %v", response.StatusCode, err)
	}
}

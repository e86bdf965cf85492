package contracttest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"
)

const (
	// Concurrency is how many ask at a time in a measurement.
	Concurrency = 64
	// rounds are how often everything is measured in turn; the median is what counts.
	rounds = 5
	// period is how long one is measured in a round.
	period = time.Second
	// all is what is measured of: percent.
	all, most = 100, 99
)

// Contender is what is measured beside others.
type Contender struct {
	Name string
	// Request makes a request, which must be answered 200. It is called by many at a time.
	Request func() *http.Request
	// PerSecond measures what is no request, such as a store's own benchmark, where there is no Request.
	PerSecond func(testing.TB) float64
}

// Bare is a handler of net/http that answers and does nothing else, until the test ends.
func Bare(b *testing.B, body string) Contender {
	b.Helper()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, body) //nolint:errcheck // the caller who does not take the answer left
	}))
	b.Cleanup(server.Close)

	return Contender{Name: "bare net/http", Request: func() *http.Request { return get(b, server.URL) }}
}

// Get asks a URL.
func Get(b *testing.B, name, url string) Contender {
	b.Helper()

	return Contender{Name: name, Request: func() *http.Request { return get(b, url) }}
}

func get(b *testing.B, url string) *http.Request {
	b.Helper()

	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
	if err != nil {
		panic(err) // a constant
	}

	return r
}

// Compare measures each in turn, five times, and reports the medians: how many a second, how long the slowest but one
// in a hundred took, and the rate by that of the slower of the yardsticks.
func Compare(b *testing.B, yardsticks []Contender, measured ...Contender) {
	b.Helper()

	contenders := slices.Concat(yardsticks, measured)
	rates, slowest := make([][]float64, len(contenders)), make([][]float64, len(contenders))

	for range rounds {
		for i, c := range contenders {
			rate, p99 := c.measure(b)
			rates[i], slowest[i] = append(rates[i], rate), append(slowest[i], p99)
		}
	}

	lower := median(rates[0])
	for _, yardstick := range rates[:len(yardsticks)] {
		lower = min(lower, median(yardstick))
	}

	for i, c := range contenders {
		b.Run(c.Name, func(b *testing.B) {
			b.ReportMetric(0, "ns/op") // it is none of these
			b.ReportMetric(median(rates[i]), "requests/s")
			b.ReportMetric(median(rates[i])/lower, "of-the-lower")

			if p99 := median(slowest[i]); p99 > 0 {
				b.ReportMetric(p99, "p99-ms")
			}
		})
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))

	return sorted[len(sorted)/2]
}

// measure returns the rate and the 99th percentile, in milliseconds; 0 where that is not known.
func (c Contender) measure(b *testing.B) (float64, float64) {
	b.Helper()

	if c.Request == nil {
		return c.PerSecond(b), 0
	}

	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: Concurrency}}
	defer client.CloseIdleConnections()

	var (
		callers sync.WaitGroup
		mutex   sync.Mutex
		took    []time.Duration
	)

	start := time.Now()

	for range Concurrency {
		callers.Go(func() {
			mine, err := c.ask(client, start.Add(period))
			if err != nil {
				b.Errorf("%s: %v", c.Name, err)
			}

			mutex.Lock()
			defer mutex.Unlock()

			took = append(took, mine...)
		})
	}

	callers.Wait()

	elapsed := time.Since(start)

	slices.Sort(took)

	return float64(len(took)) / elapsed.Seconds(),
		float64(took[len(took)*most/all].Microseconds()) / float64(time.Millisecond/time.Microsecond)
}

// ask asks one after the other until the end, and returns what each took.
func (c Contender) ask(client *http.Client, end time.Time) ([]time.Duration, error) {
	var took []time.Duration

	for start := time.Now(); start.Before(end); start = time.Now() {
		response, err := client.Do(c.Request())
		if err != nil {
			return took, fmt.Errorf("asking: %w", err)
		}

		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return took, fmt.Errorf("reading the answer: %w", err)
		}

		if response.StatusCode != http.StatusOK {
			return took, fmt.Errorf("got %s, want 200", response.Status)
		}

		response.Body.Close() //nolint:errcheck // it has been read

		took = append(took, time.Since(start))
	}

	return took, nil
}

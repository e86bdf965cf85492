package contracttest

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
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

	return served(b, "bare net/http", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, body) //nolint:errcheck // the caller who does not take the answer left
	})
}

// Least is a handler of net/http that answers what the store does, and nothing around it, until the test ends. It is
// the least that any service can do: caller, service and store share the machine, so that it cannot be as fast as
// either yardstick, which has the machine for itself.
func Least(b *testing.B, name string, ask func(*http.Request) (any, error)) Contender {
	b.Helper()

	return served(b, name, func(w http.ResponseWriter, r *http.Request) {
		value, err := ask(r)
		if err == nil {
			err = json.NewEncoder(w).Encode(value)
		}

		if err != nil {
			panic(err) // the caller sees the connection break
		}
	})
}

func served(b *testing.B, name string, handler http.HandlerFunc) Contender {
	b.Helper()

	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)

	return Get(b, name, server.URL)
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

	var (
		callers sync.WaitGroup
		mutex   sync.Mutex
		took    []time.Duration
	)

	start := time.Now()

	for range Concurrency {
		callers.Go(func() {
			mine, err := c.ask(b.Context(), start.Add(period))
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

// ask asks one after the other until the end, and returns what each took. It does so over a connection of its own:
// net/http's client would take as much of the machine as what is measured.
func (c Contender) ask(ctx context.Context, end time.Time) ([]time.Duration, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", c.Request().URL.Host)
	if err != nil {
		return nil, fmt.Errorf("asking: %w", err)
	}
	defer conn.Close() //nolint:errcheck // everything has been read

	var (
		took   []time.Duration
		writer = bufio.NewWriter(conn)
		reader = bufio.NewReader(conn)
	)

	for start := time.Now(); start.Before(end); start = time.Now() {
		request := c.Request()
		if err := errors.Join(request.Write(writer), writer.Flush()); err != nil {
			return took, fmt.Errorf("asking: %w", err)
		}

		response, err := http.ReadResponse(reader, request) //nolint:bodyclose // read to its end; the connection is ours
		if err != nil {
			return took, fmt.Errorf("reading the answer: %w", err)
		}

		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return took, fmt.Errorf("reading the answer: %w", err)
		}

		if response.StatusCode != http.StatusOK {
			return took, fmt.Errorf("got %s, want 200", response.Status)
		}

		took = append(took, time.Since(start))
	}

	return took, nil
}

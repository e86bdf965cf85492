package contracttest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	// Concurrency is the number of callers in a measurement.
	Concurrency = 64
	// rounds is how often each is measured. The median counts.
	rounds = 11
	// period is the time of one measurement.
	period = time.Second
	// all is what is measured of: percent.
	all, most = 100, 99
)

// Measured is the result of a measurement.
type Measured struct {
	PerSecond float64
	// Slowest is the 99th percentile in milliseconds, or 0 if unknown.
	Slowest float64
}

// Endpoint is an endpoint of a service, with what it is compared to.
type Endpoint struct {
	// Name is such as GET /flights.
	Name string
	// URL is the address of the service, and MinimalURL that of the minimal handler.
	URL, MinimalURL string
	// Request returns a request without a host, which must get 200. It must be safe for concurrent use.
	Request func(context.Context) *http.Request
	// Prepare is called before each measurement. It may be nil.
	Prepare func()
	// Body is the answer of a handler of net/http that does nothing else.
	Body string
	// Benchmark names the store's own benchmark. Measure runs it with the same commands.
	Benchmark string
	Measure   func(testing.TB) Measured
	// Driver is the driver of the minimal handler.
	Driver string
}

// contender is measured in turn with others.
type contender struct {
	name    string
	measure func() Measured
	found   []Measured
}

// Compare measures an endpoint, a bare handler, the store's benchmark and the minimal handler in turn, eleven times
// after a first time that does not count. It reports the medians of the rate and of the 99th percentile, the rate
// relative to the slower of bare handler and store's benchmark, and the rate relative to the minimal handler. Less than
// half of the minimal handler's rate fails the benchmark: docs/decisions/0017.
func Compare(b *testing.B, e Endpoint) {
	b.Helper()

	bare := serve(b, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, e.Body)
	})

	contenders := []contender{
		{name: "bare net/http", measure: e.asked(b, bare)},
		{name: e.Benchmark, measure: func() Measured { return e.Measure(b) }},
		{name: "net/http and " + e.Driver, measure: e.asked(b, e.MinimalURL)},
		{name: e.Name, measure: e.asked(b, e.URL)},
	}

	for round := range 1 + rounds {
		for i := range contenders {
			if found := contenders[i].measure(); round > 0 {
				contenders[i].found = append(contenders[i].found, found)
			}
		}
	}

	report(b, contenders)
}

func serve(b *testing.B, handler http.HandlerFunc) string {
	b.Helper()

	server := httptest.NewServer(handler)
	b.Cleanup(server.Close)

	return server.URL
}

// report reports bare handler, store's benchmark, minimal handler and endpoint, in this order.
func report(b *testing.B, contenders []contender) {
	b.Helper()

	lower := min(contenders[0].median().PerSecond, contenders[1].median().PerSecond)
	least, endpoint := contenders[2].median().PerSecond, contenders[3].name

	for _, c := range contenders {
		b.Run(c.name, func(b *testing.B) {
			found := c.median()

			b.ReportMetric(0, "ns/op") // hides the default metric
			b.ReportMetric(found.PerSecond, "requests/s")
			b.ReportMetric(found.PerSecond/lower, "of-the-lower")

			if found.Slowest > 0 {
				b.ReportMetric(found.Slowest, "p99-ms")
			}

			if c.name != endpoint {
				return
			}

			b.ReportMetric(found.PerSecond/least, "of-the-least")

			if err := held(found.PerSecond, least); err != nil {
				b.Error(err)
			}
		})
	}
}

// half is the fraction of the minimal handler's rate below which the benchmark fails.
const half = 0.5

var errSlow = errors.New("expected at least half of it: see docs/decisions/0017, and profile with go test -cpuprofile")

func held(rate, least float64) error {
	if rate >= half*least {
		return nil
	}

	return fmt.Errorf("got %.0f requests/s, %.3f of the %.0f of the minimal handler, %w", rate, rate/least, least, errSlow)
}

// median returns the median of each figure.
func (c contender) median() Measured {
	var rates, slowest []float64
	for _, one := range c.found {
		rates, slowest = append(rates, one.PerSecond), append(slowest, one.Slowest)
	}

	return Measured{PerSecond: median(rates), Slowest: median(slowest)}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))

	return sorted[len(sorted)/2]
}

// asked returns the measurement of a handler at a URL.
func (e Endpoint) asked(b *testing.B, url string) func() Measured {
	b.Helper()

	host := strings.TrimPrefix(url, "http://")
	request := func() *http.Request {
		r := e.Request(b.Context())
		r.URL.Scheme, r.URL.Host = "http", host

		return r
	}

	return func() Measured {
		if e.Prepare != nil {
			e.Prepare()
		}

		took, elapsed, err := drive(b.Context(), host, request)
		if err != nil {
			b.Fatalf("%s at %s: %v", e.Name, url, err)
		}

		slices.Sort(took)

		return Measured{
			PerSecond: float64(len(took)) / elapsed.Seconds(),
			Slowest:   float64(took[len(took)*most/all].Microseconds()) / float64(time.Millisecond/time.Microsecond),
		}
	}
}

// drive lets all callers send requests for a period. It returns the time of each request, and of all together.
func drive(ctx context.Context, host string, request func() *http.Request) ([]time.Duration, time.Duration, error) {
	var (
		callers sync.WaitGroup
		mutex   sync.Mutex
		took    []time.Duration
		failed  error
		start   = time.Now()
	)

	for range Concurrency {
		callers.Go(func() {
			mine, err := ask(ctx, host, request, start.Add(period))

			mutex.Lock()
			defer mutex.Unlock()

			took, failed = append(took, mine...), errors.Join(failed, err)
		})
	}

	callers.Wait()

	return took, time.Since(start), failed
}

// ask sends one request after the other until the end, and returns the time of each. It uses a plain connection: the
// client of net/http would take as much CPU as the service.
func ask(ctx context.Context, host string, next func() *http.Request, end time.Time) ([]time.Duration, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, fmt.Errorf("sending a request: %w", err)
	}
	defer conn.Close()

	var (
		took   []time.Duration
		writer = bufio.NewWriter(conn)
		reader = bufio.NewReader(conn)
	)

	for start := time.Now(); start.Before(end); start = time.Now() {
		request := next()
		if err := errors.Join(request.Write(writer), writer.Flush()); err != nil {
			return took, fmt.Errorf("sending a request: %w", err)
		}

		response, err := http.ReadResponse(reader, request) //nolint:bodyclose // read to its end; the connection is ours
		if err != nil {
			return took, fmt.Errorf("reading the answer: %w", err)
		}

		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			return took, fmt.Errorf("reading the answer: %w", err)
		}

		if response.StatusCode != http.StatusOK {
			return took, fmt.Errorf("got %s, expected 200", response.Status)
		}

		took = append(took, time.Since(start))
	}

	return took, nil
}

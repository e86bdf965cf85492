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
	"strings"
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

// Measured is how fast something was.
type Measured struct {
	PerSecond float64
	// Slowest is how long the slowest but one in a hundred took, in milliseconds; 0 where that is not known.
	Slowest float64
}

// Endpoint is one of a service's, and what it is measured beside.
type Endpoint struct {
	// Name is such as GET /flights, URL where the service listens.
	Name, URL string
	// Request makes a request without its host, which must be answered 200. It is called by many at a time.
	Request func(context.Context) *http.Request
	// Prepare, where there is one, is called before each measurement.
	Prepare func()
	// Body is what a bare handler of net/http answers.
	Body string
	// Benchmark is the store's own, by its name, with the same commands. It has the machine for itself.
	Benchmark string
	Measure   func(testing.TB) Measured
	// Least does for a request what the store has to do, with the commands of the service, and nothing around it. What
	// it returns is the answer. It is the least that any service with this driver can do, for caller, service and store
	// share the machine.
	Driver string
	Least  func(*http.Request) (any, error)
}

// contender is what is measured in turn with others.
type contender struct {
	name    string
	measure func() Measured
	found   []Measured
}

// Compare measures an endpoint and what it is measured beside in turn, five times after a first time that does not
// count, and reports the medians: how many a second, how long the slowest but one in a hundred took, and the rate by
// that of the slower of bare handler and store's benchmark, and by that of the least handler. Less than half of the
// least fails the benchmark: docs/decisions/0017.
func Compare(b *testing.B, e Endpoint) {
	b.Helper()

	bare := serve(b, func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, e.Body)
	})
	least := serve(b, func(w http.ResponseWriter, r *http.Request) {
		value, err := e.Least(r)
		if err == nil {
			err = json.NewEncoder(w).Encode(value)
		}

		if err != nil {
			panic(err) // the caller sees the connection break
		}
	})

	contenders := []contender{
		{name: "bare net/http", measure: e.asked(b, bare)},
		{name: e.Benchmark, measure: func() Measured { return e.Measure(b) }},
		{name: "net/http and " + e.Driver, measure: e.asked(b, least)},
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

// report reports bare handler, store's benchmark, least handler and endpoint, in this order.
func report(b *testing.B, contenders []contender) {
	b.Helper()

	lower := min(contenders[0].median().PerSecond, contenders[1].median().PerSecond)
	least, endpoint := contenders[2].median().PerSecond, contenders[3].name

	for _, c := range contenders {
		b.Run(c.name, func(b *testing.B) {
			found := c.median()

			b.ReportMetric(0, "ns/op") // it is none of these
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

// half of the least is what a service is held to.
const half = 0.5

var errSlow = errors.New("want half of it at least; see docs/decisions/0017, and go test -cpuprofile for where it goes")

func held(rate, least float64) error {
	if rate >= half*least {
		return nil
	}

	return fmt.Errorf("got %.0f requests/s, %.3f of the %.0f of the least handler, %w", rate, rate/least, least, errSlow)
}

// median is that of each figure for itself.
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

// asked measures who answers the endpoint's requests at a URL.
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

// drive has all ask for a while, and returns what each request took, and all together.
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

// ask asks one after the other until the end, and returns what each took. It does so over a connection of its own:
// net/http's client would take as much of the machine as what is measured.
func ask(ctx context.Context, host string, next func() *http.Request, end time.Time) ([]time.Duration, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, fmt.Errorf("asking: %w", err)
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

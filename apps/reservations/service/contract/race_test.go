package contract_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/cli"
	"github.com/msur/platform/apps/reservations/service/redistest"
)

func TestMain(m *testing.M) { contracttest.Main(m, cli.Program()) }

const (
	flight    = "race"
	rows      = 25
	letters   = "ABCD"
	customers = 10_000
)

// seat is one of a hundred.
func seat(n int) string { return fmt.Sprintf("%d%c", 1+n%rows, letters[n/rows%len(letters)]) }

// market is where customers ask for seats until they have an answer.
type market struct {
	t       *testing.T
	client  *http.Client
	urls    []string
	again   atomic.Int64
	answers chan string

	mutex sync.Mutex
	sold  map[string][]string
}

// buy asks for a seat, and again wherever the service or its store is away. It keeps what was sold.
func (m *market) buy(n int, customer string) {
	defer func() { m.answers <- customer }()

	for m.t.Context().Err() == nil {
		a, err := contracttest.Try(m.client, m.urls[n/2%len(m.urls)], want(m.t.Context(), flight, seat(n), customer))

		switch {
		case err != nil || a.Status == http.StatusServiceUnavailable || a.Status == http.StatusGatewayTimeout:
			m.again.Add(1)

			continue
		case a.Status == http.StatusOK:
			m.keep(seat(n), customer)
		default:
			assert.Equal(m.t, http.StatusForbidden, a.Status, a.Body)
		}

		return
	}
}

func (m *market) keep(number, customer string) {
	m.mutex.Lock()
	defer m.mutex.Unlock()

	m.sold[number] = append(m.sold[number], customer)
}

// Ten thousand want a hundred seats at the same time, each over a connection of their own, through two processes that
// know nothing of each other, and the store dies in between, and comes back with what it has written down. Whoever is
// told to come again does. Beside them nobody else is answered in time, and so no other test runs.
func TestASeatIsNeverSoldTwice(t *testing.T) {
	store := redistest.Real(t)
	environ := store.Environ("MAX_IN_FLIGHT=" + strconv.Itoa(customers))
	m := &market{
		t:       t,
		client:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: customers}},
		urls:    []string{contracttest.Process(t, environ), contracttest.Process(t, environ)},
		answers: make(chan string, customers),
		sold:    make(map[string][]string),
	}

	away := make(chan struct{})

	for n := range customers {
		go func() {
			// Half of them come when the store is away for certain.
			if n%2 == 1 {
				<-away
			}

			m.buy(n, fmt.Sprintf("customer-%d", n))
		}()
	}

	for n := range customers {
		<-m.answers

		if n == rows {
			store.Kill()
			close(away)
			require.Eventually(t, func() bool { return m.again.Load() > 0 }, patience, tick, "awaited a refusal")
			store.Start(t)
		}
	}

	require.NoError(t, t.Context().Err(), "everybody has an answer")
	require.Len(t, m.sold, rows*len(letters), "every seat is sold")

	owners := client(t, store).HGetAll(t.Context(), "flights:"+flight).Val()
	assert.Len(t, owners, len(m.sold))

	for number, buyers := range m.sold {
		assert.Equal(t, []string{owners[number]}, buyers, "seat %s is of whom the store says", number)
	}
}

// want asks for a seat.
func want(ctx context.Context, flight, number, customer string) *http.Request {
	body := fmt.Sprintf(`{"seat_num":%q,"flight_id":%q,"customer_id":%q}`, number, flight, customer)

	r, err := http.NewRequestWithContext(ctx, http.MethodPut, "/reservations", strings.NewReader(body))
	if err != nil {
		panic(err) // constants
	}

	r.Header.Set("Content-Type", "application/json")

	return r
}

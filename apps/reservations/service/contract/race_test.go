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
	"github.com/msur/platform/apps/chassis/redis/redistest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/cli"
)

func TestMain(m *testing.M) { contracttest.Main(m, cli.Program(), minimal) }

const (
	flight    = "race"
	rows      = 25
	letters   = "ABCD"
	customers = 10_000
)

// seat returns one of a hundred seats.
func seat(n int) string { return fmt.Sprintf("%d%c", 1+n%rows, letters[n/rows%len(letters)]) }

// sale sells seats to customers, who ask until they get an answer.
type sale struct {
	t       *testing.T
	client  *http.Client
	urls    []string
	retries atomic.Int64
	answers chan string

	mutex sync.Mutex
	sold  map[string][]string
}

// buy asks for a seat, again after each 503, and records a sale.
func (s *sale) buy(n int, customer string) {
	defer func() { s.answers <- customer }()

	for s.t.Context().Err() == nil {
		a, err := contracttest.Try(s.client, s.urls[n/2%len(s.urls)], want(s.t.Context(), flight, seat(n), customer))

		switch {
		case err != nil || a.Status == http.StatusServiceUnavailable || a.Status == http.StatusGatewayTimeout:
			s.retries.Add(1)

			continue
		case a.Status == http.StatusOK:
			s.record(seat(n), customer)
		default:
			assert.Equal(s.t, http.StatusForbidden, a.Status, a.Body)
		}

		return
	}
}

func (s *sale) record(number, customer string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()

	s.sold[number] = append(s.sold[number], customer)
}

// Ten thousand customers want a hundred seats at the same time, each over a connection of its own, through two
// processes. Meanwhile the store dies, and comes back with what it has written to disk. Customers who get 503 ask
// again. The test is not parallel: no other test would be answered in time.
func TestASeatIsNeverSoldTwice(t *testing.T) {
	store := redistest.Real(t)
	environ := store.Environ("MAX_IN_FLIGHT=" + strconv.Itoa(customers))
	s := &sale{
		t:       t,
		client:  &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: customers}},
		urls:    []string{contracttest.Process(t, environ), contracttest.Process(t, environ)},
		answers: make(chan string, customers),
		sold:    make(map[string][]string),
	}

	dead := make(chan struct{})

	for n := range customers {
		go func() {
			// Half of the customers come after the store has died.
			if n%2 == 1 {
				<-dead
			}

			s.buy(n, fmt.Sprintf("customer-%d", n))
		}()
	}

	for n := range customers {
		<-s.answers

		if n == rows {
			store.Kill()
			close(dead)
			require.Eventually(t, func() bool { return s.retries.Load() > 0 }, patience, tick, "waiting for a 503")
			store.Start(t)
		}
	}

	require.NoError(t, t.Context().Err(), "every customer has an answer")
	require.Len(t, s.sold, rows*len(letters), "every seat is sold")

	owners := client(t, store).HGetAll(t.Context(), "flights:"+flight).Val()
	assert.Len(t, owners, len(s.sold))

	for number, buyers := range s.sold {
		assert.Equal(t, []string{owners[number]}, buyers, "the owner of seat %s", number)
	}
}

// want returns a request to reserve a seat.
func want(ctx context.Context, flight, number, customer string) *http.Request {
	body := fmt.Sprintf(`{"seat_num":%q,"flight_id":%q,"customer_id":%q}`, number, flight, customer)

	r, err := http.NewRequestWithContext(ctx, http.MethodPut, "/reservations", strings.NewReader(body))
	if err != nil {
		panic(err) // constants
	}

	r.Header.Set("Content-Type", "application/json")

	return r
}

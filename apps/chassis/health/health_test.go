package health_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/logs"
)

var errRefused = errors.New("dial tcp 10.0.0.1: refused")

// store is a dependency that counts its checks.
type store struct {
	checks atomic.Int32
	fails  atomic.Bool
	takes  time.Duration
}

func (s *store) ask(ctx context.Context) error {
	s.checks.Add(1)

	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
		return ctx.Err()
	}

	if s.fails.Load() {
		return errRefused
	}

	return nil
}

func (s *store) health(log *bytes.Buffer) *health.Health {
	return health.New(logs.New(log), time.Now, health.Check{Name: "db:dbQuery", Ask: s.ask})
}

func get(ctx context.Context, handler http.HandlerFunc) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	handler(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))

	return w
}

func TestHealthHasTheFormOfTheBook(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) { // its clock starts on the 1st of January 2000
		w := get(t.Context(), (&store{takes: 15 * time.Millisecond}).health(nil).Health)

		assert.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, "application/health+json", w.Header().Get("Content-Type"))
		assert.JSONEq(t, `{"status": "pass", "details": {"db:dbQuery":
			{"status": "pass", "metricValue": 15, "metricUnit": "ms", "time": "2000-01-01T00:00:00Z"}}}`, w.Body.String())
	})
}

func TestAFailingStoreFailsHealthButNotPing(t *testing.T) {
	t.Parallel()

	var (
		log bytes.Buffer
		s   store
	)

	s.fails.Store(true)
	h := s.health(&log)

	w := get(t.Context(), h.Health)
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.Contains(t, w.Body.String(), `"db:dbQuery":{"status":"fail"`)
	assert.NotContains(t, w.Body.String(), "10.0.0.1")
	assert.Contains(t, log.String(), "10.0.0.1")

	w = get(t.Context(), h.Ping)
	assert.Equal(t, http.StatusOK, w.Code)
	assert.JSONEq(t, `{"status": "pass"}`, w.Body.String())
}

func TestAResultIsReusedForTenSeconds(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		var s store

		h := s.health(new(bytes.Buffer))
		get(t.Context(), h.Health)
		s.fails.Store(true)

		time.Sleep(health.Fresh - time.Millisecond)
		assert.Equal(t, http.StatusOK, get(t.Context(), h.Health).Code)
		assert.EqualValues(t, 1, s.checks.Load())

		time.Sleep(time.Millisecond)
		assert.Equal(t, http.StatusServiceUnavailable, get(t.Context(), h.Health).Code)
		assert.EqualValues(t, 2, s.checks.Load())
	})
}

func TestConcurrentCallersShareOneCheck(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := store{takes: time.Second}
		h := s.health(nil)

		first, leave := context.WithCancel(t.Context())
		codes := make(chan int)

		go func() { codes <- get(first, h.Health).Code }()

		synctest.Wait() // the caller who leaves runs the check

		for range 9 {
			go func() { codes <- get(t.Context(), h.Health).Code }()
		}

		synctest.Wait()
		leave()

		for range 10 {
			assert.Equal(t, http.StatusOK, <-codes)
		}

		assert.EqualValues(t, 1, s.checks.Load())
	})
}

func TestACheckHasADeadline(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		w := get(t.Context(), (&store{takes: time.Hour}).health(new(bytes.Buffer)).Health)

		assert.Equal(t, http.StatusServiceUnavailable, w.Code)
		assert.Equal(t, health.Deadline, time.Since(start))
	})
}

func TestADrainingServiceFailsHealth(t *testing.T) {
	t.Parallel()

	h := new(store).health(nil)
	h.Drain()

	w := get(t.Context(), h.Health)

	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.Contains(t, w.Body.String(), "about to stop")
	assert.Equal(t, http.StatusOK, get(t.Context(), h.Ping).Code)
}

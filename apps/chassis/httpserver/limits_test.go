package httpserver_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/httpserver"
)

func TestRequestsAboveTheLimitGet503(t *testing.T) {
	t.Parallel()

	begun, end := make(chan struct{}), make(chan struct{})

	var log log

	handler := service(&log, func(http.ResponseWriter, *http.Request) {
		begun <- struct{}{}

		<-end
	}).Handler(settings(t, "MAX_IN_FLIGHT=1"))

	first := make(chan int)

	go func() { first <- do(t, handler, http.MethodGet, "/things/1").Code }()

	<-begun

	w := do(t, handler, http.MethodGet, "/things/2")
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.Equal(t, "1", w.Header().Get("Retry-After"))
	assert.Contains(t, w.Body.String(), "too many requests")
	assert.Len(t, log.records(t, "request"), 1)
	assert.Empty(t, log.records(t, "Service Unavailable"), "one line for each is enough")

	for _, path := range []string{"/ping", "/health", "/metrics"} {
		assert.Equal(t, http.StatusOK, do(t, handler, http.MethodGet, path).Code, path)
	}

	close(end)
	assert.Equal(t, http.StatusOK, <-first)
}

func TestABodyThatIsTooLongGets413(t *testing.T) {
	t.Parallel()

	s := service(new(log), ok)
	s.Routes.HandleFunc("PUT /things", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusTeapot)
		}
	})

	server := httptest.NewServer(s.Handler(settings(t)))
	defer server.Close()

	put := func(body io.Reader) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, server.URL+"/things", body)
		require.NoError(t, err)

		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())

		return answer.StatusCode
	}

	assert.Equal(t, http.StatusOK, put(strings.NewReader(strings.Repeat("a", httpserver.MaxBody))))
	assert.Equal(t, http.StatusRequestEntityTooLarge, put(strings.NewReader(strings.Repeat("a", httpserver.MaxBody+1))))

	unsaid := io.MultiReader(strings.NewReader(strings.Repeat("a", httpserver.MaxBody+1)))
	assert.Equal(t, http.StatusTeapot, put(unsaid), "the handler's reading fails")
}

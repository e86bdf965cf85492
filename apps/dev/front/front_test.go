package front_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/dev/front"
)

// ask requests a path.
func ask(t *testing.T, f *front.Front, path string) *httptest.ResponseRecorder {
	t.Helper()

	answer, address := httptest.NewRecorder(), "http://laptop.example"+path
	f.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody))

	return answer
}

func TestEachRequestIsForwardedByItsPath(t *testing.T) {
	t.Parallel()

	f := front.New()

	for _, service := range []string{"flights", "seats"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Service", service)
			w.Header().Set("X-Requested", r.Host+r.URL.Path)
			w.Header().Set("X-For", r.Header.Get("X-Forwarded-For"))
		}))
		t.Cleanup(server.Close)

		require.NoError(t, f.Route("/"+service, service))
		f.Up(service, strings.TrimPrefix(server.URL, "http://"))
	}

	for path, service := range map[string]string{
		"/flights": "flights", "/flights/": "flights", "/flights/AA1/seat_map": "flights", "/seats": "seats",
	} {
		answer := ask(t, f, path)
		assert.Equal(t, http.StatusOK, answer.Code, path)
		assert.Equal(t, service, answer.Header().Get("X-Service"), path)
		assert.Equal(t, "laptop.example"+path, answer.Header().Get("X-Requested"), "unchanged")
		assert.NotEmpty(t, answer.Header().Get("X-For"))
	}

	for _, path := range []string{"/", "/flightsandmore", "/health"} {
		answer := ask(t, f, path)
		assert.Equal(t, http.StatusNotFound, answer.Code, path)
		assert.Contains(t, answer.Body.String(), "/flights, /seats")
	}
}

func TestAServiceThatDoesNotAnswerIsStartingOrStopped(t *testing.T) {
	t.Parallel()

	f := front.New()
	require.NoError(t, f.Route("/flights", "flights"))

	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()

	up := func() { f.Up("flights", strings.TrimPrefix(gone.URL, "http://")) }

	for _, step := range []struct {
		name   string
		report func()
		want   string
	}{
		{"at first", func() {}, "flights is starting"},
		{"nothing listens at its address", up, "flights is starting"},
		{"it has failed", func() { f.Stopped("flights") }, "flights is not running: its log above says why"},
		{"its code has changed", func() { f.Starting("flights") }, "flights is starting"},
	} {
		step.report()

		answer := ask(t, f, "/flights")
		assert.Equal(t, http.StatusServiceUnavailable, answer.Code, step.name)
		assert.Contains(t, answer.Body.String(), step.want, step.name)
	}
}

func TestAPathOfTwoServicesIsAnError(t *testing.T) {
	t.Parallel()

	f := front.New()
	require.NoError(t, f.Route("/flights", "flights"))

	err := f.Route("/flights", "seats")
	require.ErrorContains(t, err, "/flights is the path of seats and of another service")
	require.ErrorContains(t, err, "platform:apps.seats", "the setting to change")
}

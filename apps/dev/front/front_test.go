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

// ask asks the front for a path.
func ask(t *testing.T, f *front.Front, path string) *httptest.ResponseRecorder {
	t.Helper()

	answer, address := httptest.NewRecorder(), "http://laptop.example"+path
	f.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody))

	return answer
}

func TestEachRequestGoesWhereItsPathLeads(t *testing.T) {
	t.Parallel()

	f := front.New()

	for _, service := range []string{"flights", "seats"} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Service", service)
			w.Header().Set("X-Asked", r.Host+r.URL.Path)
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
		assert.Equal(t, "laptop.example"+path, answer.Header().Get("X-Asked"), "as it was asked")
		assert.NotEmpty(t, answer.Header().Get("X-For"))
	}

	for _, path := range []string{"/", "/flightsandmore", "/health"} {
		answer := ask(t, f, path)
		assert.Equal(t, http.StatusNotFound, answer.Code, path)
		assert.Contains(t, answer.Body.String(), "routed are /flights, /seats")
	}
}

func TestAServiceThatIsNotUpIsNamed(t *testing.T) {
	t.Parallel()

	f := front.New()
	require.NoError(t, f.Route("/flights", "flights"))

	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()

	for about, address := range map[string]string{
		"it has not said where": "", "nobody listens there": strings.TrimPrefix(gone.URL, "http://"),
	} {
		f.Up("flights", address)

		answer := ask(t, f, "/flights")
		assert.Equal(t, http.StatusServiceUnavailable, answer.Code, about)
		assert.Contains(t, answer.Body.String(), "flights is not up", about)
	}
}

func TestAPathThatLeadsToTwoIsRefused(t *testing.T) {
	t.Parallel()

	f := front.New()
	require.NoError(t, f.Route("/flights", "flights"))

	err := f.Route("/flights", "seats")
	require.ErrorContains(t, err, "/flights leads to two services")
	require.ErrorContains(t, err, "platform:apps.seats", "the setting that changes it")
}

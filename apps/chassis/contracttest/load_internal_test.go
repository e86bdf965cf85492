package contracttest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLessThanHalfOfTheMinimalHandlerFails(t *testing.T) {
	t.Parallel()

	require.NoError(t, held(5000, 10000))
	require.NoError(t, held(12000, 10000))
	require.ErrorContains(t, held(4990, 10000), "got 4990 requests/s, 0.499 of the 10000 of the minimal handler")
}

func TestTheMedianOfEachFigure(t *testing.T) {
	t.Parallel()

	c := contender{found: []Measured{{100, 9}, {300, 1}, {200, 5}}}

	assert.Equal(t, Measured{PerSecond: 200, Slowest: 5}, c.median())
}

func TestAnAnswerOtherThan200EndsTheMeasurement(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)

	_, err := ask(t.Context(), server.Listener.Addr().String(), func() *http.Request {
		return httptest.NewRequestWithContext(context.Background(), http.MethodGet, server.URL, nil)
	}, time.Now().Add(time.Hour))

	require.ErrorContains(t, err, "got 404 Not Found, expected 200")
}

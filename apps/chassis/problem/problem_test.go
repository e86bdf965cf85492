package problem_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/problem"
)

var errSecret = errors.New("dial tcp 10.0.0.1: password hunter2")

// write answers an error in a request with the id abc, and returns the answer and the log.
func write(ctx context.Context, t *testing.T, err error) (*httptest.ResponseRecorder, string) {
	t.Helper()

	var logged bytes.Buffer

	r := httptest.NewRequestWithContext(logs.WithRequestID(ctx, "abc"), http.MethodGet, "/", nil)
	w := httptest.NewRecorder()
	problem.Write(w, r, logs.New(&logged), err)

	assert.Equal(t, problem.ContentType, w.Header().Get("Content-Type"))

	return w, logged.String()
}

func TestAProblemNamesEveryInvalidField(t *testing.T) {
	t.Parallel()

	p := problem.New(http.StatusBadRequest, "the request is not valid")
	p.Errors = []problem.Invalid{{In: "query", Field: "a", Detail: "missing"}, {In: "body", Field: "/b", Detail: "long"}}

	w, logged := write(t.Context(), t, fmt.Errorf("wrapped: %w", p))

	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.JSONEq(t, `{"title": "Bad Request", "status": 400, "detail": "the request is not valid", "requestId": "abc",
		"errors": [{"in": "query", "field": "a", "detail": "missing"}, {"in": "body", "field": "/b", "detail": "long"}]}`,
		w.Body.String())
	assert.Empty(t, logged, "an invalid request is not logged")
}

func TestAnInternalErrorIsLoggedAndNotSent(t *testing.T) {
	t.Parallel()

	w, logged := write(t.Context(), t, errSecret)

	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.NotContains(t, w.Body.String(), "hunter2")
	assert.Contains(t, w.Body.String(), `"requestId":"abc"`)
	assert.Contains(t, logged, "hunter2")
	assert.Contains(t, logged, `"request_id":"abc"`)
}

func TestAnUnavailableServiceSaysWhenToRetry(t *testing.T) {
	t.Parallel()

	p := problem.Unavailable("the store is unavailable", errSecret)
	p.RetryAfter = 1200 * time.Millisecond

	w, logged := write(t.Context(), t, p)

	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.Equal(t, "2", w.Header().Get("Retry-After"), "rounded up")
	assert.NotContains(t, w.Body.String(), "hunter2")
	assert.Contains(t, logged, "hunter2")
}

func TestTheCauseOfA4xxIsLoggedAndNotSent(t *testing.T) {
	t.Parallel()

	p := problem.New(http.StatusRequestTimeout, "the body took too long to arrive")
	p.Cause = errSecret

	w, logged := write(t.Context(), t, p)

	assert.NotContains(t, w.Body.String(), "hunter2")
	assert.Contains(t, logged, "hunter2")
	assert.Contains(t, logged, `"level":"WARN"`)
}

func TestEachErrorHasItsStatus(t *testing.T) {
	t.Parallel()

	gone, leave := context.WithCancel(t.Context())
	leave()

	tests := map[string]struct {
		ctx  context.Context //nolint:containedctx // the case tests it
		err  error
		want int
	}{
		"a body that is too long": {t.Context(), &http.MaxBytesError{Limit: 9}, http.StatusRequestEntityTooLarge},
		"a deadline that is over": {t.Context(), context.DeadlineExceeded, http.StatusGatewayTimeout},
		"a caller who left":       {gone, errSecret, problem.StatusClientGone},
		"a body that took too long, which ends the context": {
			gone, problem.New(http.StatusRequestTimeout, "too long"), http.StatusRequestTimeout,
		},
		"a cancel without a cause": {t.Context(), context.Canceled, http.StatusInternalServerError},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w, _ := write(test.ctx, t, test.err)

			assert.Equal(t, test.want, w.Code)
			assert.Empty(t, w.Header().Get("Retry-After"))
		})
	}
}

func TestAProblemIsAnErrorWithItsCause(t *testing.T) {
	t.Parallel()

	p := problem.Unavailable("the store is unavailable", errSecret)

	require.ErrorIs(t, p, errSecret)
	require.EqualError(t, p, "the store is unavailable: dial tcp 10.0.0.1: password hunter2")
	require.EqualError(t, problem.New(http.StatusNotFound, "no flight"), "no flight")
}

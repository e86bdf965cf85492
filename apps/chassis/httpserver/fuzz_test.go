package httpserver_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever a request says of where it belongs, it is answered, and has an id and at most a trace that logs can carry.
func FuzzCorrelation(f *testing.F) {
	f.Add("a-1.B_2", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=value")
	f.Add("", "", "")
	f.Add("a\"b\n", "00-00000000000000000000000000000000-0000000000000000-00", "=,=")
	f.Add("\xff", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", "a=\x00")

	f.Fuzz(func(t *testing.T, id, parent, state string) {
		var log log

		handler := service(&log, ok).Handler(settings(t))

		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/things/1", nil)
		r.Header["X-Request-Id"] = []string{id}
		r.Header["Traceparent"], r.Header["Tracestate"] = []string{parent}, []string{state}

		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)

		assert.Equal(t, http.StatusOK, w.Code)
		assert.Regexp(t, `^[A-Za-z0-9._-]{1,64}$`, w.Header().Get("X-Request-ID"))

		records := log.records(t, "request")
		require.Len(t, records, 1)
		assert.Equal(t, w.Header().Get("X-Request-ID"), records[0]["request_id"])

		if trace, is := records[0]["trace_id"]; is {
			assert.Regexp(t, `^[0-9a-f]{32}$`, trace)
			assert.Contains(t, parent, trace)
		}
	})
}

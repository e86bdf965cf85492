package openapi_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/problem"
)

const things = "/things/x?count=1&word=abc"

func TestABodyIsOneJSONValue(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ body, field, detail string }{
		"none":                    {"", "", "value is required but missing"},
		"half of one":             {"{", "", "expected one JSON value"},
		"one and more":            {`{"name": "a", "a/b": 1}x`, "", "expected one JSON value"},
		"two":                     {`{"name": "a", "a/b": 1}{}`, "", "expected one JSON value"},
		"a member twice":          {`{"name": "a", "a/b": 1, "name": "b"}`, "/name", "the member is given more than once"},
		"a member that is hidden": {`{"name": "a", "a/b": 1, "a\u002fb": 2}`, "/a~1b", "the member is given more than once"},
		"a member of a member": {
			`{"name": 1e999, "list": [[], {"b": {}, "a": 1, "a": 1}]}`, "/list/1/a", "the member is given more than once",
		},
		"endless depth": {strings.Repeat("[", 99), "", "expected one JSON value"},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			w := put(t, things+"&count=2", strings.NewReader(test.body))
			assert.Equal(t, http.StatusBadRequest, w.Code)

			var told problem.Problem
			require.NoError(t, json.Unmarshal(w.Body.Bytes(), &told))
			assert.Equal(t, []problem.Invalid{
				{In: "query", Field: "count", Detail: "got 2 values, expected one"},
				{In: "body", Field: test.field, Detail: test.detail},
			}, told.Errors)
		})
	}
}

func TestABodyOfAnotherTypeGets415(t *testing.T) {
	t.Parallel()

	for contentType, want := range map[string]int{
		"application/json; charset=utf-8":   http.StatusOK,
		"application/x-www-form-urlencoded": http.StatusUnsupportedMediaType,
		"":                                  http.StatusUnsupportedMediaType,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPut, things, strings.NewReader(valid))
		r.Header.Set("Content-Type", contentType)

		w := httptest.NewRecorder()
		mux(t, new(bytes.Buffer)).ServeHTTP(w, r)

		assert.Equal(t, want, w.Code, contentType)

		if want != http.StatusOK {
			assert.Contains(t, w.Body.String(), "the body must be application/json")
		}
	}
}

// A body that ends before its time has addresses in the error of reading it.
func TestTheProblemOfAnUnreadableBodyHidesTheCause(t *testing.T) {
	t.Parallel()

	for begun, want := range map[string]int{
		"Content-Length: 100\r\n\r\n{":            http.StatusRequestTimeout,
		"Transfer-Encoding: chunked\r\n\r\nx\r\n": http.StatusBadRequest,
	} {
		var log contracttest.Journal

		server := httptest.NewUnstartedServer(mux(t, &log))
		server.Config.ReadTimeout = 50 * time.Millisecond
		server.Start()
		t.Cleanup(server.Close)

		address := server.Listener.Addr().String()
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, connection.Close()) })

		_, err = fmt.Fprintf(connection, "PUT %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s", things, begun)
		require.NoError(t, err)

		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		require.NoError(t, err)

		told, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())

		assert.Equal(t, want, answer.StatusCode, "%s", told)
		assert.NotContains(t, string(told), "127.0.0.1")
		assert.NotContains(t, string(told), "timeout")
		assert.Contains(t, log.String(), `"error"`, "the cause is logged")
	}
}

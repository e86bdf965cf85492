// Package contracttest runs a service inside a test, sends it requests over HTTP, and validates requests and answers
// with the OpenAPI document.
package contracttest

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/logs"
)

const (
	waitFor = 30 * time.Second
	tick    = 5 * time.Millisecond
)

// Service is `<program> serve` inside the test, until the test ends.
type Service struct {
	// URL is its address, such as http://127.0.0.1:12345.
	URL string
	// Log is its log.
	Log *Journal

	document *document
}

// Run runs a command that must succeed.
func Run(t testing.TB, program command.Program, name string, environ []string) {
	t.Helper()

	var log Journal
	require.Equal(t, command.Done, program.Run(t.Context(), []string{name}, environ, logs.New(&log), &log),
		"%s: %s", name, &log)
}

// Start serves until the test ends. The OpenAPI document is at path. environ has PORT=0.
func Start(t testing.TB, program command.Program, path string, environ []string) *Service {
	t.Helper()

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	s := &Service{Log: new(Journal), document: load(t, path)}
	ended := make(chan int, 1)

	go func() { ended <- program.Run(ctx, []string{"serve"}, environ, logs.New(s.Log), s.Log) }()

	t.Cleanup(func() {
		stop()
		require.Equal(t, command.Done, <-ended, "%s", s.Log)
	})

	require.Eventually(t, func() bool {
		s.URL = Listening(s.Log.String())

		return s.URL != ""
	}, waitFor, tick, "waiting for the address in the log: %s", s.Log)

	return s
}

// Listening returns the URL of a service from its log, or an empty string before it listens.
func Listening(log string) string {
	for line := range strings.Lines(log) {
		var record struct {
			Msg     string `json:"msg"`
			Address string `json:"address"`
		}

		if json.Unmarshal([]byte(line), &record) == nil && record.Msg == "listening" {
			_, port, _ := net.SplitHostPort(record.Address)

			return "http://127.0.0.1:" + port
		}
	}

	return ""
}

// Answer is the answer to a request.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Request returns a request without a host, with a JSON body unless that is empty.
func Request(t testing.TB, method, target, body string) *http.Request {
	t.Helper()

	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	require.NoError(t, err)

	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}

	return r
}

// Ask sends a valid request, and validates both request and answer.
func (s *Service) Ask(t testing.TB, r *http.Request) Answer {
	t.Helper()
	s.document.checkRequest(t, r)

	return s.AskAnything(t, r)
}

// AskAnything sends any request, and validates the answer.
func (s *Service) AskAnything(t testing.TB, r *http.Request) Answer {
	t.Helper()

	a, err := s.Try(r)
	require.NoError(t, err)
	s.document.checkAnswer(t, r, a)

	return a
}

// Try sends a request. Unlike Ask, it can be called from any goroutine.
func (s *Service) Try(r *http.Request) (Answer, error) { return Try(http.DefaultClient, s.URL, r) }

// Try sends a request to the service at a URL.
func Try(client *http.Client, url string, r *http.Request) (Answer, error) {
	call := r.Clone(r.Context())
	call.URL.Scheme = "http"
	call.URL.Host = strings.TrimPrefix(url, "http://")

	response, err := client.Do(call)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()

	body, err := io.ReadAll(response.Body)

	return Answer{Status: response.StatusCode, Header: response.Header, Body: string(body)}, err
}

// Package contracttest runs a service inside a test, asks it over HTTP, and checks every request and every answer
// against the OpenAPI text.
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
	// URL is where it listens, as http://127.0.0.1:12345.
	URL string
	// Log is what it has logged by now.
	Log *Journal

	text *text
}

// Run runs a command of a program to its end.
func Run(t testing.TB, program command.Program, name string, environ []string) {
	t.Helper()

	var log Journal
	require.Equal(t, command.Done, program.Run(t.Context(), []string{name}, environ, logs.New(&log), &log),
		"%s: %s", name, &log)
}

// Start serves until the test ends. The OpenAPI text is at path; environ lets the system choose the port.
func Start(t testing.TB, program command.Program, path string, environ []string) *Service {
	t.Helper()

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	s := &Service{Log: new(Journal), text: load(t, path)}
	ended := make(chan int, 1)

	go func() { ended <- program.Run(ctx, []string{"serve"}, environ, logs.New(s.Log), s.Log) }()

	t.Cleanup(func() {
		stop()
		require.Equal(t, command.Done, <-ended, "%s", s.Log)
	})

	require.Eventually(t, func() bool {
		s.URL = Listening(s.Log.String())

		return s.URL != ""
	}, waitFor, tick, "awaited the address in the log: %s", s.Log)

	return s
}

// Listening finds in a log where its service listens; empty where it does not yet.
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

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Request makes a request, with a JSON body unless that is empty. Its host is filled in as it is asked.
func Request(t testing.TB, method, target, body string) *http.Request {
	t.Helper()

	r, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	require.NoError(t, err)

	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}

	return r
}

// Ask asks something that is as the OpenAPI text says, and checks the answer.
func (s *Service) Ask(t testing.TB, r *http.Request) Answer {
	t.Helper()
	s.text.checkRequest(t, r)

	return s.AskAnything(t, r)
}

// AskAnything asks something that may be wrong, and checks the answer.
func (s *Service) AskAnything(t testing.TB, r *http.Request) Answer {
	t.Helper()

	a, err := s.Try(r)
	require.NoError(t, err)
	s.text.checkAnswer(t, r, a)

	return a
}

// Try asks, and is safe to call from where a test must not fail.
func (s *Service) Try(r *http.Request) (Answer, error) { return Try(http.DefaultClient, s.URL, r) }

// Try asks a service at a URL.
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

// Package contracttest runs a service inside a test, sends it requests over HTTP, and validates requests and answers
// with the OpenAPI document.
package contracttest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/assert"
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

	document routers.Router
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

	s.URL = awaitURL(t, s.Log.String)

	return s
}

// awaitURL waits until the log of a service has its address, and returns its URL.
func awaitURL(t testing.TB, log func() string) string {
	t.Helper()

	listening := regexp.MustCompile(`"msg":"listening".*"address":"[^"]*:(\d+)"`)
	url := ""

	require.Eventually(t, func() bool {
		if found := listening.FindStringSubmatch(log()); found != nil {
			url = "http://127.0.0.1:" + found[1]
		}

		return url != ""
	}, waitFor, tick, "waiting for the address of the service in its log")

	return url
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

	input, err := input(s.document, r)
	require.NoError(t, err)
	require.NoError(t, openapi3filter.ValidateRequest(r.Context(), input))

	return s.AskAnything(t, r)
}

// AskAnything sends any request, and validates the answer, unless the document lacks the request.
func (s *Service) AskAnything(t testing.TB, r *http.Request) Answer {
	t.Helper()

	a, err := s.Try(r)
	require.NoError(t, err)

	if input, err := input(s.document, r); err == nil {
		require.NoError(t, openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: input, Status: a.Status, Header: a.Header,
			Body:    io.NopCloser(strings.NewReader(a.Body)),
			Options: &openapi3filter.Options{IncludeResponseStatus: true},
		}), "%s: %d %s", r.URL, a.Status, a.Body)
	}

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

// load returns the routes of an OpenAPI document, which validate requests and answers.
func load(t testing.TB, path string) routers.Router {
	t.Helper()

	loaded, err := openapi3.NewLoader().LoadFromFile(path)
	require.NoError(t, err)
	require.NoError(t, loaded.Validate(t.Context(), openapi3.DisableExamplesValidation()))

	loaded.Servers = nil
	router, err := gorillamux.NewRouter(loaded)
	require.NoError(t, err)

	return router
}

func input(document routers.Router, r *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, parameters, err := document.FindRoute(r)

	return &openapi3filter.RequestValidationInput{Request: r, PathParams: parameters, Route: route}, err
}

// Journal is a log that can be read while a command writes to it. The zero Journal is empty.
type Journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

// Write adds to the journal.
func (j *Journal) Write(line []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()

	return j.text.Write(line)
}

// String returns the log.
func (j *Journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()

	return j.text.String()
}

// Generated asserts that api.gen.go in the test's folder is up to date with an OpenAPI document. oapi-codegen.yaml is
// beside it.
func Generated(t *testing.T, openAPI string) {
	t.Helper()

	file := filepath.Join(t.TempDir(), "api.gen.go")

	output, err := exec.CommandContext(t.Context(), "go", "tool", "oapi-codegen", "-config", "oapi-codegen.yaml",
		"-o", file, openAPI).CombinedOutput()
	require.NoError(t, err, string(output))

	assert.Equal(t, read(t, file), read(t, "api.gen.go"), "run go generate ./api")
}

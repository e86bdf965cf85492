package contract_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/cli"
)

const (
	waitFor = 30 * time.Second
	tick    = 5 * time.Millisecond
)

// service is `flights serve` inside the test, until the test ends.
type service struct {
	url string
	log *journal
	// checks is what requests and answers are held against.
	checks *checks
}

// journal is what a command logs.
type journal struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mutex.Lock()
	defer j.mutex.Unlock()

	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mutex.Lock()
	defer j.mutex.Unlock()

	return j.text.String()
}

// run runs a command to its end.
func run(t testing.TB, name string, environ []string) {
	t.Helper()

	var log journal
	require.Equal(t, command.Done, cli.Program().Run(t.Context(), []string{name}, environ, logs.New(&log), &log),
		"%s: %s", name, &log)
}

// start serves until the test ends.
func start(t testing.TB, environ []string) *service {
	t.Helper()

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	s := &service{log: new(journal), checks: newChecks(t)}
	ended := make(chan int, 1)

	go func() { ended <- cli.Program().Run(ctx, []string{"serve"}, environ, logs.New(s.log), s.log) }()

	t.Cleanup(func() {
		stop()
		require.Equal(t, command.Done, <-ended, "%s", s.log)
	})

	require.Eventually(t, func() bool {
		s.url = listening(s.log.String())

		return s.url != ""
	}, waitFor, tick)

	return s
}

// listening finds the address in the log.
func listening(log string) string {
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

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// request makes a request without its host, which ask fills in.
func request(t testing.TB, method, target string) *http.Request {
	t.Helper()

	r, err := http.NewRequestWithContext(t.Context(), method, target, nil)
	require.NoError(t, err)

	return r
}

// get asks something that is as the OpenAPI text says.
func (s *service) get(t testing.TB, target string, header ...string) answer {
	t.Helper()

	r := request(t, http.MethodGet, target)
	if len(header) > 0 {
		r.Host = header[1]
	}

	s.checks.request(t, r)

	return s.ask(t, r)
}

// ask asks anything, and checks the answer.
func (s *service) ask(t testing.TB, r *http.Request) answer {
	t.Helper()

	a, err := s.try(r)
	require.NoError(t, err)
	s.checks.answer(t, r, a)

	return a
}

// try asks, and is safe to call from where a test must not fail.
func (s *service) try(r *http.Request) (answer, error) {
	call := r.Clone(r.Context())
	call.URL.Scheme = "http"
	call.URL.Host = strings.TrimPrefix(s.url, "http://")

	response, err := http.DefaultClient.Do(call)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close() //nolint:errcheck // it has been read

	body, err := io.ReadAll(response.Body)

	return answer{status: response.StatusCode, header: response.Header, body: string(body)}, err
}

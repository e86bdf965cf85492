package contract_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/contracttest"

	"github.com/msur/platform/apps/flights/service/cli"
)

const (
	waitFor = 30 * time.Second
	tick    = 5 * time.Millisecond
)

// service is `flights serve` inside the test, until the test ends.
type service struct{ *contracttest.Service }

func TestMain(m *testing.M) { contracttest.Main(m, cli.Program()) }

// run runs a command to its end.
func run(t testing.TB, name string, environ []string) {
	t.Helper()
	contracttest.Run(t, cli.Program(), name, environ)
}

// start serves until the test ends.
func start(t testing.TB, environ []string) *service {
	t.Helper()

	return &service{contracttest.Start(t, cli.Program(), "../../api/openapi.yaml", environ)}
}

// request makes a request without its host, which is filled in as it is asked.
func request(t testing.TB, method, target string) *http.Request {
	t.Helper()

	return contracttest.Request(t, method, target, "")
}

// get asks something that is as the OpenAPI text says.
func (s *service) get(t testing.TB, target string, header ...string) contracttest.Answer {
	t.Helper()

	r := request(t, http.MethodGet, target)
	if len(header) > 0 {
		r.Host = header[1]
	}

	return s.Ask(t, r)
}

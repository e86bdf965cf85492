package contracttest

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/httpserver"
)

// Minimal connects to the store of a service and returns the minimal handler. For each of the service's routes, it
// sends the same commands to the store, with the same driver, and returns the result: no service with this driver can
// do less.
type Minimal func(environ []string) (map[string]Query, error)

// Query answers one request.
type Query func(*http.Request) (any, error)

// MinimalProcess starts the minimal handler in a process of its own, as Process does with the service, and returns its
// URL. Its server has the timeouts of the service's. The two then differ in nothing but the service's own code.
func MinimalProcess(t testing.TB, environ []string) string {
	t.Helper()

	return process(t, "minimal", environ)
}

func (m Minimal) command() command.Command {
	return command.Command{Name: "minimal", Run: func(ctx context.Context, log *slog.Logger, environ []string) error {
		queries, err := m(environ)
		if err != nil {
			return err
		}

		routes := http.NewServeMux()
		for pattern, query := range queries {
			routes.HandleFunc(pattern, query.answer)
		}

		listener, err := httpserver.Listen(ctx, httpserver.Config{Address: "127.0.0.1"})
		if err != nil {
			return err
		}

		httpserver.CollectLess()
		log.InfoContext(ctx, "listening", "address", listener.Addr().String())

		return httpserver.NewServer(routes, time.Minute, log).Serve(listener)
	}}
}

func (q Query) answer(w http.ResponseWriter, r *http.Request) {
	value, err := q(r)
	if err == nil {
		err = json.NewEncoder(w).Encode(value)
	}

	if err != nil {
		panic(err) // the caller sees the connection break
	}
}

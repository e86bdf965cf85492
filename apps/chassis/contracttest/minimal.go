package contracttest

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"testing"

	"github.com/msur/platform/apps/chassis/command"
)

// Minimal connects to the store of a service and returns the minimal handler. For each of the service's routes, it
// sends the same commands to the store, with the same driver, and returns the result: no service with this driver can
// do less.
type Minimal func(environ []string) (map[string]Query, error)

// Query answers one request.
type Query func(*http.Request) (any, error)

// MinimalProcess starts the minimal handler in a process of its own, as Process does with the service, and returns its
// URL. The two then differ in nothing but the service's own code.
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

		debug.SetGCPercent(400) // as in the service

		server := httptest.NewServer(routes)
		defer server.Close()

		log.InfoContext(ctx, "listening", "address", server.Listener.Addr().String())
		<-ctx.Done()

		return nil
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

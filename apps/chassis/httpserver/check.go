package httpserver

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/msur/platform/apps/chassis/config"
)

// checkTimeout is longer than the checks of /health may take.
const checkTimeout = 10 * time.Second

// Check is a command that asks the service at CHECK_URL, and fails unless the answer is 200. Images have nothing else
// that could ask: `helm test` runs it.
func Check(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	url := r.Text("CHECK_URL", "what to ask, such as http://flights/health")

	if err := r.Err(); err != nil {
		return fmt.Errorf("reading the configuration:\n%w", err)
	}

	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("asking %s (CHECK_URL): %w", url, err)
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking (CHECK_URL): %w", err)
	}
	defer response.Body.Close()

	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("asking %s (CHECK_URL): got %s, want 200", url, response.Status)
	}

	log.InfoContext(ctx, "it is well", "url", url)

	return nil
}

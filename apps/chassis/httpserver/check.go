package httpserver

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/config"
)

// Check returns the command check, for `helm test`: the images contain no other program that could send a request.
func Check() command.Command {
	// The timeout is longer than that of the checks behind /health.
	return command.Command{
		Name: "check", About: "Ask the service at CHECK_URL for its health", Timeout: 10 * time.Second, Run: check,
	}
}

// check fails unless CHECK_URL answers 200.
func check(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	url := r.Text("CHECK_URL", "the URL to request, such as http://flights/health")

	if err := r.Err(); err != nil {
		return err
	}

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("requesting %s (CHECK_URL): %w", url, err)
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("requesting CHECK_URL: %w", err)
	}
	defer response.Body.Close()

	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("requesting %s (CHECK_URL): got %s, expected 200", url, response.Status)
	}

	log.InfoContext(ctx, "the service is healthy", "url", url)

	return nil
}

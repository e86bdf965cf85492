// Command ci writes to GitHub for the workflows: comments on pull requests, and issues about drift. The scripts in this
// folder call it. It runs with a token that allows writing, so it depends on the standard library only.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/msur/platform/tools/ci/comment"
	"github.com/msur/platform/tools/ci/drift"
	"github.com/msur/platform/tools/ci/github"
)

// timeout limits all requests of one command.
const timeout = 2 * time.Minute

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	err := run(ctx, os.Args[1:], os.Getenv)

	cancel()

	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// run runs `comment <environment>...` or `drift <stack> <file>`. GitHub's variables describe the workflow run.
func run(ctx context.Context, args []string, getenv func(string) string) error {
	api := &github.Client{
		URL:        getenv("GITHUB_API_URL"),
		Repository: getenv("GITHUB_REPOSITORY"),
		Token:      getenv("GITHUB_TOKEN"),
		HTTP:       &http.Client{Timeout: timeout},
	}
	page := fmt.Sprintf("%s/%s/actions/runs/%s", getenv("GITHUB_SERVER_URL"), api.Repository, getenv("GITHUB_RUN_ID"))

	switch {
	case len(args) > 1 && args[0] == "comment":
		return comment.Run(ctx, api, os.Stdout, getenv("GITHUB_EVENT_PATH"), args[1:])
	case len(args) == 3 && args[0] == "drift":
		return drift.Run(ctx, api, os.Stdout, drift.Report{Stack: args[1], File: args[2], Page: page})
	default:
		return fmt.Errorf("unknown command %q: expected comment <environment>... or drift <stack> <file>", args)
	}
}

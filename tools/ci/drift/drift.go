// Package drift maintains one GitHub issue per environment about drift: it opens the issue, updates it while the
// account differs from the state, and closes it afterwards.
package drift

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/msur/platform/tools/ci/github"
)

const (
	// label marks the issues.
	label = "drift"
	// maxBytes limits the report in the issue.
	maxBytes = 50_000
)

// Report is the result of looking for drift.
type Report struct {
	Stack string
	// File lists the differences. Without a difference, it does not exist.
	File string
	// Page is the address of the workflow run.
	Page string
}

// Run opens, updates or closes the issue according to a report.
func Run(ctx context.Context, api *github.Client, out io.Writer, report Report) error {
	differences, err := read(report.File)
	if err != nil {
		return err
	}

	marker := fmt.Sprintf("<!-- drift of %s -->\n", report.Stack)

	existing, err := api.FindText(ctx, "/issues?state=open&labels="+label, marker)
	if err != nil {
		return err
	}

	issue := fmt.Sprintf("/issues/%d", existing.Number)
	body := fmt.Sprintf("%s`pulumi refresh --preview-only --stack %s` [found](%s) that the account differs from the "+
		"state:\n\n```\n%s\n```\n\nTo revert these changes, run `pulumi up --refresh --stack %s`. To keep them, change the "+
		"settings or the program accordingly.\n",
		marker, report.Stack, report.Page, differences, report.Stack)

	switch {
	case differences == "" && existing.Number == 0:
		fmt.Fprintf(out, "%s has no drift\n", report.Stack)
	case existing.Number == 0:
		fmt.Fprintf(out, "opening the issue about %s\n", report.Stack)
		// GitHub creates the label if it does not exist.
		_, err = api.Do(ctx, http.MethodPost, "/issues",
			map[string]any{"title": "Drift in " + report.Stack, "body": body, "labels": []string{label}})
	case differences != "":
		fmt.Fprintf(out, "updating the issue about %s, #%d\n", report.Stack, existing.Number)

		_, err = api.Do(ctx, http.MethodPatch, issue, map[string]any{"body": body})
	default:
		fmt.Fprintf(out, "closing the issue about %s, #%d\n", report.Stack, existing.Number)
		err = closeIssue(ctx, api, issue, fmt.Sprintf("%s has no drift any more ([run](%s)).", report.Stack, report.Page))
	}

	return err
}

// closeIssue comments on an issue and closes it as completed.
func closeIssue(ctx context.Context, api *github.Client, issue, comment string) error {
	if _, err := api.Do(ctx, http.MethodPost, issue+"/comments", map[string]any{"body": comment}); err != nil {
		return err
	}

	_, err := api.Do(ctx, http.MethodPatch, issue, map[string]any{"state": "closed", "state_reason": "completed"})

	return err
}

// read returns the differences in a form that cannot end a code block, or "".
func read(file string) (string, error) {
	content, err := os.ReadFile(filepath.Clean(file))

	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("reading the report: %w", err)
	}

	text := strings.ToValidUTF8(string(content), "")
	if len(text) > maxBytes {
		text = strings.ToValidUTF8(text[:maxBytes], "") + "\nThe run has the rest."
	}

	// A tag in the account may contain anything, including the end of a code block.
	return strings.ReplaceAll(strings.TrimSpace(text), "```", "'''"), nil
}

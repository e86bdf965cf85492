// Package drift maintains one GitHub issue per environment about drift: it opens the issue, updates it while the
// account differs from the state, and closes it afterwards.
package drift

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
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

	number, err := open(ctx, api, marker)
	if err != nil {
		return err
	}

	body := fmt.Sprintf("%s`pulumi refresh --preview-only --stack %s` [found](%s) that the account differs from the "+
		"state:\n\n```\n%s\n```\n\nTo revert these changes, run `pulumi up --refresh --stack %s`. To keep them, change the "+
		"settings or the program accordingly.\n",
		marker, report.Stack, report.Page, differences, report.Stack)

	switch {
	case differences == "" && number == 0:
		fmt.Fprintf(out, "%s has no drift\n", report.Stack)

		return nil
	case differences == "":
		return result(out, "closed", number, report.Stack, closeIssue(ctx, api, number, report))
	case number == 0:
		return result(out, "opened", 0, report.Stack, api.OpenIssue(ctx, "Drift in "+report.Stack, body, label))
	default:
		return result(out, "updated", number, report.Stack, api.ChangeIssue(ctx, number, body))
	}
}

// result prints what happened to the issue, or returns the error.
func result(out io.Writer, action string, number int, stack string, err error) error {
	if err != nil {
		return fmt.Errorf("the issue about %s could not be %s: %w", stack, action, err)
	}

	fmt.Fprintf(out, "%s the issue about %s%s\n", action, stack, strings.TrimSuffix(fmt.Sprintf(", #%d", number), ", #0"))

	return nil
}

// closeIssue comments on the issue and closes it.
func closeIssue(ctx context.Context, api *github.Client, number int, report Report) error {
	err := api.AddComment(ctx, number, fmt.Sprintf("%s has no drift any more ([run](%s)).", report.Stack, report.Page))
	if err != nil {
		return fmt.Errorf("commenting: %w", err)
	}

	return api.CloseIssue(ctx, number)
}

// open returns the number of the open issue with the marker, or 0.
func open(ctx context.Context, api *github.Client, marker string) (int, error) {
	issues, err := api.OpenIssues(ctx, label)
	if err != nil {
		return 0, fmt.Errorf("listing the open issues: %w", err)
	}

	for _, issue := range issues {
		if issue.ByWorkflow() && strings.HasPrefix(issue.Body, marker) {
			return issue.Number, nil
		}
	}

	return 0, nil
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

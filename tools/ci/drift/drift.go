// Package drift keeps an issue for an environment whose account is not as it was deployed: opens it, updates it as long
// as that is so, and closes it.
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
	// label is how the issues are found again.
	label = "drift"
	// mostBytes of what was found stand in the issue; the run has it all.
	mostBytes = 50_000
)

// Found is what was found of a stack.
type Found struct {
	// Stack is the environment's.
	Stack string
	// File has what differs. Where it is not there, nothing does.
	File string
	// Page is the address of the run that looked.
	Page string
}

// Run brings the issue to what was found. A run that could not look does not come here.
func Run(ctx context.Context, api *github.Client, out io.Writer, found Found) error {
	differs, err := read(found.File)
	if err != nil {
		return err
	}

	marker := fmt.Sprintf("<!-- drift of %s -->\n", found.Stack)

	number, err := open(ctx, api, marker)
	if err != nil {
		return err
	}

	body := fmt.Sprintf("%s`pulumi refresh --preview-only --stack %s` [finds](%s) what is not as it was deployed:\n\n"+
		"```\n%s\n```\n\nTo bring it back: `pulumi up --refresh --stack %s`. To keep it, change the settings or "+
		"the program as it is.\n",
		marker, found.Stack, found.Page, differs, found.Stack)

	switch {
	case differs == "" && number == 0:
		fmt.Fprintf(out, "%s is as it was deployed\n", found.Stack)

		return nil
	case differs == "":
		return say(out, "closed", number, found.Stack, shut(ctx, api, number, found))
	case number == 0:
		return say(out, "opened", 0, found.Stack, api.OpenIssue(ctx, "Drift in "+found.Stack, body, label))
	default:
		return say(out, "updated", number, found.Stack, api.ChangeIssue(ctx, number, body))
	}
}

// say tells what became of the issue.
func say(out io.Writer, became string, number int, stack string, err error) error {
	if err != nil {
		return fmt.Errorf("the issue about %s was not %s: %w", stack, became, err)
	}

	fmt.Fprintf(out, "%s the issue about %s%s\n", became, stack, strings.TrimSuffix(fmt.Sprintf(", #%d", number), ", #0"))

	return nil
}

// shut says since when there is nothing, and closes the issue.
func shut(ctx context.Context, api *github.Client, number int, found Found) error {
	err := api.AddComment(ctx, number, fmt.Sprintf("%s [is](%s) as it was deployed again.", found.Stack, found.Page))
	if err != nil {
		return fmt.Errorf("commenting: %w", err)
	}

	return api.CloseIssue(ctx, number)
}

// open is the number of the issue about the stack that is open, or 0.
func open(ctx context.Context, api *github.Client, marker string) (int, error) {
	issues, err := api.OpenIssues(ctx, label)
	if err != nil {
		return 0, fmt.Errorf("looking for an issue: %w", err)
	}

	for _, one := range issues {
		if one.ByWorkflow() && strings.HasPrefix(one.Body, marker) {
			return one.Number, nil
		}
	}

	return 0, nil
}

// read is what differs, as it may stand in a block of code; empty where nothing does.
func read(file string) (string, error) {
	content, err := os.ReadFile(filepath.Clean(file))

	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("reading what was found: %w", err)
	}

	text := strings.ToValidUTF8(string(content), "")
	if len(text) > mostBytes {
		text = strings.ToValidUTF8(text[:mostBytes], "") + "\nand more, in the run"
	}

	// A tag in the account may hold anything, also the end of the block.
	return strings.ReplaceAll(strings.TrimSpace(text), "```", "'''"), nil
}

// Package comment puts the reports of a run on the pull request that it was of.
//
// The run was of code that nobody has read, and may have been written to do harm: to notify people, to link to other
// places, to hide what it changes, or to fill a page. So a report is a text without links, pictures, mentions and HTML,
// of a limited size, under a line that says whose words it is.
package comment

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/msur/platform/tools/ci/github"
)

// commenter has what one run needs.
type commenter struct {
	api *github.Client
	out io.Writer
	run *event
}

// Run comments on every open pull request whose commit ran, once for each environment that there is a report of.
func Run(ctx context.Context, api *github.Client, out io.Writer, eventFile string, environments []string) error {
	run, err := readEvent(eventFile)
	if err != nil {
		return err
	}

	c := &commenter{api: api, out: out, run: run}

	numbers, err := c.pullRequests(ctx)
	if err != nil || len(numbers) == 0 {
		return err
	}

	for _, environment := range environments {
		report, err := c.report(ctx, environment)
		if err != nil {
			return err
		}

		if report == "" {
			fmt.Fprintf(out, "there is no report of %s: the run ended before it\n", environment)

			continue
		}

		for _, number := range numbers {
			err = c.put(ctx, number, environment, report)
			if err != nil {
				return err
			}
		}
	}

	return nil
}

// pullRequests are the numbers of those whose newest commit is the one that ran. The run does not say them: of a fork's
// it cannot, and what it left behind might lie.
func (c *commenter) pullRequests(ctx context.Context) ([]int, error) {
	head := c.run.Run.Head

	open, err := c.api.PullRequests(ctx, head.Owner.Login, c.run.Run.HeadBranch)
	if err != nil {
		return nil, fmt.Errorf("looking for the pull request: %w", err)
	}

	var numbers []int

	for _, one := range open {
		if one.Head.SHA == c.run.Run.HeadSHA && one.Head.Repo.FullName == head.FullName {
			numbers = append(numbers, one.Number)
		}
	}

	if len(numbers) == 0 {
		fmt.Fprintf(c.out, "no open pull request is at %s: it was closed, or has newer commits\n", c.run.Run.HeadSHA)
	}

	return numbers, nil
}

// put writes the comment of an environment, or writes it anew.
func (c *commenter) put(ctx context.Context, number int, environment, report string) error {
	marker := fmt.Sprintf("<!-- report of %s -->\n", environment)
	body := marker + c.head(environment) + report

	comments, err := c.api.Comments(ctx, number)
	if err != nil {
		return fmt.Errorf("reading the comments of #%d: %w", number, err)
	}

	for _, one := range comments {
		if one.ByWorkflow() && strings.HasPrefix(one.Body, marker) {
			err = c.api.ChangeComment(ctx, one.ID, body)
			if err != nil {
				return fmt.Errorf("updating the comment on #%d about %s: %w", number, environment, err)
			}

			fmt.Fprintf(c.out, "updated the comment on #%d about %s\n", number, environment)

			return nil
		}
	}

	err = c.api.AddComment(ctx, number, body)
	if err != nil {
		return fmt.Errorf("commenting on #%d about %s: %w", number, environment, err)
	}

	fmt.Fprintf(c.out, "commented on #%d about %s\n", number, environment)

	return nil
}

// head says what the comment is, in our words.
func (c *commenter) head(environment string) string {
	return fmt.Sprintf("**The rehearsal of %s**, as [a run](%s) of `%.12s` reports it. The words below are those of the "+
		"code in this pull request, which nobody may have read yet.\n\n", environment, c.run.Run.Page, c.run.Run.HeadSHA)
}

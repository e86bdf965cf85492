// Package comment comments the reports of a workflow run on its pull request.
//
// The run executed unreviewed code, which may try to do harm: notify users, link to other sites, hide its changes or
// flood the page. A comment therefore contains the report without links, images, mentions and HTML, limited in size,
// below a line that states its origin.
package comment

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/msur/platform/tools/ci/github"
)

// commenter comments the reports of one run.
type commenter struct {
	api *github.Client
	out io.Writer
	run workflowRun
}

// Run comments on every open pull request whose newest commit is that of the run, once per environment with a report.
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
			fmt.Fprintf(out, "the run has no report of %s\n", environment)

			continue
		}

		for _, number := range numbers {
			if err := c.put(ctx, number, environment, report); err != nil {
				return err
			}
		}
	}

	return nil
}

// pullRequests returns the numbers of the open pull requests whose newest commit is that of the run. It asks the API:
// GitHub does not name the pull request of a fork's run, and the run's own files are untrusted.
func (c *commenter) pullRequests(ctx context.Context) ([]int, error) {
	var open []struct {
		Number int `json:"number"`
		Head   struct {
			SHA  string `json:"sha"`
			Repo struct {
				FullName string `json:"full_name"`
			} `json:"repo"`
		} `json:"head"`
	}

	head := c.run.Head
	branch := url.QueryEscape(head.Owner.Login + ":" + c.run.HeadBranch)

	if err := c.api.Get(ctx, "/pulls?state=open&per_page=100&head="+branch, &open); err != nil {
		return nil, err
	}

	var numbers []int

	for _, pullRequest := range open {
		if pullRequest.Head.SHA == c.run.HeadSHA && pullRequest.Head.Repo.FullName == head.FullName {
			numbers = append(numbers, pullRequest.Number)
		}
	}

	if len(numbers) == 0 {
		fmt.Fprintf(c.out, "no open pull request is at %s: it was closed or has newer commits\n", c.run.HeadSHA)
	}

	return numbers, nil
}

// put creates or updates the comment of an environment.
func (c *commenter) put(ctx context.Context, number int, environment, report string) error {
	comments := fmt.Sprintf("/issues/%d/comments", number)
	marker := fmt.Sprintf("<!-- report of %s -->\n", environment)
	content := map[string]any{"body": marker + c.head(environment) + report}

	existing, err := c.api.FindText(ctx, comments+"?", marker)
	if err != nil {
		return err
	}

	action := "commented"

	if existing.ID == 0 {
		_, err = c.api.Do(ctx, http.MethodPost, comments, content)
	} else {
		action = "updated the comment"
		_, err = c.api.Do(ctx, http.MethodPatch, fmt.Sprintf("/issues/comments/%d", existing.ID), content)
	}

	if err == nil {
		fmt.Fprintf(c.out, "%s on #%d about %s\n", action, number, environment)
	}

	return err
}

// head returns the line above the report, which states its origin.
func (c *commenter) head(environment string) string {
	return fmt.Sprintf("**Rehearsal of %s** at `%.12s`, [reported by this run](%s). The code of this pull request, which "+
		"may be unreviewed, wrote the report below.\n\n", environment, c.run.HeadSHA, c.run.Page)
}

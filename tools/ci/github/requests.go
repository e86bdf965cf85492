package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

const (
	// perPage is GitHub's maximum.
	perPage = 100

	stateField, bodyField = "state", "body"
)

// PullRequest is a pull request.
type PullRequest struct {
	Number int  `json:"number"`
	Head   Head `json:"head"`
}

// Head is the commit of a pull request.
type Head struct {
	SHA  string `json:"sha"`
	Repo struct {
		FullName string `json:"full_name"`
	} `json:"repo"`
}

// PullRequests returns the open pull requests from a branch of an owner's repository, which may be a fork.
func (c *Client) PullRequests(ctx context.Context, owner, branch string) ([]PullRequest, error) {
	var found []PullRequest

	query := url.Values{stateField: {"open"}, "head": {owner + ":" + branch}, "per_page": {strconv.Itoa(perPage)}}
	err := c.get(ctx, "/pulls", query, &found)

	return found, err
}

// Artifact is an archive that a run uploaded.
type Artifact struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
	// Size is the size of the archive in bytes.
	Size    int64 `json:"size_in_bytes"`
	Expired bool  `json:"expired"`
}

// Artifacts returns the artifacts of a run with a name, one per attempt.
func (c *Client) Artifacts(ctx context.Context, run int64, name string) ([]Artifact, error) {
	var found struct {
		Artifacts []Artifact `json:"artifacts"`
	}

	query := url.Values{"name": {name}, "per_page": {strconv.Itoa(perPage)}}
	err := c.get(ctx, fmt.Sprintf("/actions/runs/%d/artifacts", run), query, &found)

	return found.Artifacts, err
}

// Download returns the archive of an artifact.
func (c *Client) Download(ctx context.Context, artifact int64) ([]byte, error) {
	return c.do(ctx, http.MethodGet, fmt.Sprintf("/actions/artifacts/%d/zip", artifact), nil, nil)
}

// Text is a comment or an issue.
type Text struct {
	ID     int64  `json:"id"`
	Number int    `json:"number"`
	Body   string `json:"body"`
	User   struct {
		Login string `json:"login"`
	} `json:"user"`
}

// ByWorkflow reports whether a workflow of this repository wrote the text. Anyone can write the same body.
func (t Text) ByWorkflow() bool { return t.User.Login == "github-actions[bot]" }

// pages returns all pages of a list.
func (c *Client) pages(ctx context.Context, path string, query url.Values) ([]Text, error) {
	var all []Text

	query.Set("per_page", strconv.Itoa(perPage))

	for page := 1; ; page++ {
		var found []Text

		query.Set("page", strconv.Itoa(page))

		err := c.get(ctx, path, query, &found)
		if err != nil {
			return nil, err
		}

		all = append(all, found...)
		if len(found) < perPage {
			return all, nil
		}
	}
}

// Comments returns the comments of a pull request, oldest first.
func (c *Client) Comments(ctx context.Context, pullRequest int) ([]Text, error) {
	return c.pages(ctx, fmt.Sprintf("/issues/%d/comments", pullRequest), url.Values{})
}

// AddComment comments on an issue or a pull request.
func (c *Client) AddComment(ctx context.Context, number int, body string) error {
	_, err := c.do(ctx, http.MethodPost, fmt.Sprintf("/issues/%d/comments", number), nil,
		map[string]string{bodyField: body})

	return err
}

// ChangeComment replaces the body of a comment.
func (c *Client) ChangeComment(ctx context.Context, id int64, body string) error {
	_, err := c.do(ctx, http.MethodPatch, fmt.Sprintf("/issues/comments/%d", id), nil, map[string]string{bodyField: body})

	return err
}

// OpenIssues returns the open issues with a label.
func (c *Client) OpenIssues(ctx context.Context, label string) ([]Text, error) {
	return c.pages(ctx, "/issues", url.Values{stateField: {"open"}, "labels": {label}})
}

// OpenIssue creates an issue. GitHub creates the label if it does not exist.
func (c *Client) OpenIssue(ctx context.Context, title, body, label string) error {
	_, err := c.do(ctx, http.MethodPost, "/issues", nil,
		map[string]any{"title": title, bodyField: body, "labels": []string{label}})

	return err
}

// ChangeIssue replaces the body of an issue.
func (c *Client) ChangeIssue(ctx context.Context, number int, body string) error {
	_, err := c.do(ctx, http.MethodPatch, fmt.Sprintf("/issues/%d", number), nil, map[string]string{bodyField: body})

	return err
}

// CloseIssue closes an issue as completed.
func (c *Client) CloseIssue(ctx context.Context, number int) error {
	_, err := c.do(ctx, http.MethodPatch, fmt.Sprintf("/issues/%d", number), nil,
		map[string]string{stateField: "closed", "state_reason": "completed"})

	return err
}

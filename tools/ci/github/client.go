// Package github is a client for the part of GitHub's REST API that the workflows need.
package github

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// maxBytes limits how much of a response is read. A page of a hundred comments of maximum length is smaller.
const maxBytes = 16 << 20

// Client accesses one repository.
type Client struct {
	// URL is the address of the API, such as https://api.github.com.
	URL string
	// Repository is <owner>/<name>.
	Repository string
	// Token is the token of the workflow's job.
	Token string
	HTTP  *http.Client
}

// Do sends a request for a path below the repository, with fields as JSON unless they are nil, and returns the
// response's body. A status other than 2xx is an error.
func (c *Client) Do(ctx context.Context, method, path string, fields map[string]any) ([]byte, error) {
	var content io.Reader = http.NoBody

	if fields != nil {
		encoded, err := json.Marshal(fields)
		if err != nil {
			return nil, fmt.Errorf("encoding the request for %s: %w", path, err)
		}

		content = bytes.NewReader(encoded)
	}

	request, err := http.NewRequestWithContext(ctx, method, c.URL+"/repos/"+c.Repository+path, content)
	if err != nil {
		return nil, fmt.Errorf("creating the request for %s: %w", path, err)
	}

	request.Header.Set("Accept", "application/vnd.github+json")
	request.Header.Set("Authorization", "Bearer "+c.Token)
	request.Header.Set("X-Github-Api-Version", "2022-11-28")

	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, err // it contains the method and the URL
	}

	defer func() { _ = response.Body.Close() }()

	body, err := io.ReadAll(io.LimitReader(response.Body, maxBytes))
	if err != nil {
		return nil, fmt.Errorf("reading the response to %s %s: %w", method, path, err)
	}

	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, fmt.Errorf("%s %s: GitHub responded %s: %.300q", method, path, response.Status, body)
	}

	return body, nil
}

// Get decodes the response to a GET request into out.
func (c *Client) Get(ctx context.Context, path string, out any) error {
	body, err := c.Do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}

	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("decoding the response to GET %s: %w", path, err)
	}

	return nil
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

// FindText returns the first text in a list that begins with a marker, or the zero value. It ignores texts that no
// workflow of this repository wrote, because anyone can write the same body. The path has a query.
func (c *Client) FindText(ctx context.Context, path, marker string) (Text, error) {
	const perPage = 100 // GitHub's maximum

	for page := 1; ; page++ {
		var texts []Text
		if err := c.Get(ctx, fmt.Sprintf("%s&per_page=%d&page=%d", path, perPage, page), &texts); err != nil {
			return Text{}, err
		}

		for _, text := range texts {
			if text.User.Login == "github-actions[bot]" && strings.HasPrefix(text.Body, marker) {
				return text, nil
			}
		}

		if len(texts) < perPage {
			return Text{}, nil
		}
	}
}

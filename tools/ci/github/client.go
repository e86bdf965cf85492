// Package github asks GitHub's REST API for the little that the workflows need.
package github

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// most is how much of an answer is read: a page of a hundred comments at their longest has less.
const most = 16 << 20

// Client asks about one repository.
type Client struct {
	// URL is the API's, as https://api.github.com.
	URL string
	// Repository is <owner>/<name>.
	Repository string
	// Token is what the workflow may do.
	Token string
	HTTP  *http.Client
}

// do asks for a path under the repository, hands over body as JSON unless it is nil, and returns the answer.
func (c *Client) do(ctx context.Context, method, path string, query url.Values, body any) ([]byte, error) {
	address := c.URL + "/repos/" + c.Repository + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}

	var content io.Reader = http.NoBody

	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("encoding what is sent to %s: %w", path, err)
		}

		content = bytes.NewReader(encoded)
	}

	request, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, fmt.Errorf("asking for %s: %w", path, err)
	}

	request.Header.Set("Accept", "application/vnd.github+json")
	request.Header.Set("Authorization", "Bearer "+c.Token)
	request.Header.Set("X-Github-Api-Version", "2022-11-28")

	return c.send(request)
}

// send returns what is answered, and an error for anything but a success.
func (c *Client) send(request *http.Request) ([]byte, error) {
	what := request.Method + " " + request.URL.Path

	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}

	defer func() { _ = response.Body.Close() }()

	answer, err := io.ReadAll(io.LimitReader(response.Body, most))
	if err != nil {
		return nil, fmt.Errorf("reading the answer to %s: %w", what, err)
	}

	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, fmt.Errorf("%s: GitHub answered %s: %.300q", what, response.Status, answer)
	}

	return answer, nil
}

// get decodes the answer into what out points to.
func (c *Client) get(ctx context.Context, path string, query url.Values, out any) error {
	answer, err := c.do(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return err
	}

	err = json.Unmarshal(answer, out)
	if err != nil {
		return fmt.Errorf("understanding the answer to GET %s: %w", path, err)
	}

	return nil
}

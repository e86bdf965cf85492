// Package github is a client for the part of GitHub's REST API that the workflows need.
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

// do sends a request for a path below the repository, with body as JSON unless it is nil, and returns the response's
// body.
func (c *Client) do(ctx context.Context, method, path string, query url.Values, body any) ([]byte, error) {
	address := c.URL + "/repos/" + c.Repository + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}

	var content io.Reader = http.NoBody

	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("encoding the request for %s: %w", path, err)
		}

		content = bytes.NewReader(encoded)
	}

	request, err := http.NewRequestWithContext(ctx, method, address, content)
	if err != nil {
		return nil, fmt.Errorf("creating the request for %s: %w", path, err)
	}

	request.Header.Set("Accept", "application/vnd.github+json")
	request.Header.Set("Authorization", "Bearer "+c.Token)
	request.Header.Set("X-Github-Api-Version", "2022-11-28")

	return c.send(request)
}

// send returns the response's body, and an error unless the status is 2xx.
func (c *Client) send(request *http.Request) ([]byte, error) {
	operation := request.Method + " " + request.URL.Path

	response, err := c.HTTP.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}

	defer func() { _ = response.Body.Close() }()

	body, err := io.ReadAll(io.LimitReader(response.Body, maxBytes))
	if err != nil {
		return nil, fmt.Errorf("reading the response to %s: %w", operation, err)
	}

	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, fmt.Errorf("%s: GitHub responded %s: %.300q", operation, response.Status, body)
	}

	return body, nil
}

// get decodes the response into out.
func (c *Client) get(ctx context.Context, path string, query url.Values, out any) error {
	body, err := c.do(ctx, http.MethodGet, path, query, nil)
	if err != nil {
		return err
	}

	err = json.Unmarshal(body, out)
	if err != nil {
		return fmt.Errorf("decoding the response to GET %s: %w", path, err)
	}

	return nil
}

// Package requests turns the examples of an OpenAPI document into curl commands.
package requests

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// Curl returns a command for each operation below the paths, unless a required parameter has no example. DELETE comes
// last.
func Curl(file, address string, paths []string) ([]string, error) {
	document, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the API: %w", err)
	}

	var commands []string

	for _, method := range []string{"PUT", "POST", "PATCH", "GET", "DELETE"} {
		for _, path := range slices.Sorted(keys(document.Paths.Map())) {
			operation := document.Paths.Map()[path].GetOperation(method)
			if operation == nil || !below(path, paths) {
				continue
			}

			if command, complete := curl(method, address+path, operation); complete {
				commands = append(commands, command)
			}
		}
	}

	return commands, nil
}

func keys(m map[string]*openapi3.PathItem) func(func(string) bool) {
	return func(yield func(string) bool) {
		for key := range m {
			if !yield(key) {
				return
			}
		}
	}
}

func below(path string, routed []string) bool {
	return slices.ContainsFunc(routed, func(route string) bool {
		return path == route || strings.HasPrefix(path, strings.TrimSuffix(route, "/")+"/")
	})
}

func curl(method, url string, operation *openapi3.Operation) (string, bool) {
	command := []string{"curl"}
	if method != "GET" {
		command = append(command, "-X", method)
	}

	url, headers, complete := fill(url, operation.Parameters)
	for _, header := range headers {
		command = append(command, "-H", quote(header))
	}

	if operation.RequestBody != nil {
		body, known := example(operation.RequestBody.Value)
		if !known {
			return "", false
		}

		command = append(command, "-H", quote("Content-Type: application/json"), "-d", quote(body))
	}

	return strings.Join(append(command, quote(url)), " "), complete
}

// fill returns the URL and the headers with the examples of the parameters.
func fill(address string, parameters openapi3.Parameters) (string, []string, bool) {
	var query, headers []string

	for _, reference := range parameters {
		parameter := reference.Value
		if parameter.Example == nil && parameter.Required {
			return "", nil, false
		}

		if parameter.Example == nil {
			continue
		}

		value := fmt.Sprint(parameter.Example)

		switch parameter.In {
		case openapi3.ParameterInPath:
			address = strings.ReplaceAll(address, "{"+parameter.Name+"}", url.PathEscape(value))
		case openapi3.ParameterInQuery:
			query = append(query, parameter.Name+"="+strings.ReplaceAll(url.QueryEscape(value), "%3A", ":"))
		case openapi3.ParameterInHeader:
			headers = append(headers, parameter.Name+": "+value)
		}
	}

	if len(query) > 0 {
		address += "?" + strings.Join(query, "&")
	}

	return address, headers, true
}

func example(body *openapi3.RequestBody) (string, bool) {
	media := body.GetMediaType("application/json")
	if media == nil || media.Example == nil {
		return "", false
	}

	text, err := json.Marshal(media.Example)

	return string(text), err == nil
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// Package requests turns the examples of an OpenAPI document into curl commands.
package requests

import (
	"encoding/json"
	"fmt"
	"maps"
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
		for _, path := range slices.Sorted(maps.Keys(document.Paths.Map())) {
			if operation := document.Paths.Map()[path].GetOperation(method); operation != nil && below(path, paths) {
				commands = append(commands, curl(method, address+path, operation)...)
			}
		}
	}

	return commands, nil
}

func below(path string, routed []string) bool {
	return slices.ContainsFunc(routed, func(route string) bool {
		return path == route || strings.HasPrefix(path, strings.TrimSuffix(route, "/")+"/")
	})
}

// curl returns the command of an operation, or none if an example is missing.
func curl(method, address string, operation *openapi3.Operation) []string {
	command := []string{"curl"}
	if method != "GET" {
		command = append(command, "-X", method)
	}

	query := make([]string, 0, len(operation.Parameters))

	for _, reference := range operation.Parameters {
		parameter := reference.Value
		if parameter.Example == nil && parameter.Required {
			return nil
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
			command = append(command, "-H", quote(parameter.Name+": "+value))
		}
	}

	body, complete := body(operation)
	if !complete {
		return nil
	}

	address = strings.TrimSuffix(address+"?"+strings.Join(query, "&"), "?")

	return []string{strings.Join(append(append(command, body...), quote(address)), " ")}
}

func body(operation *openapi3.Operation) ([]string, bool) {
	if operation.RequestBody == nil {
		return nil, true
	}

	media := operation.RequestBody.Value.GetMediaType("application/json")
	if media == nil || media.Example == nil {
		return nil, false
	}

	body, err := json.Marshal(media.Example)

	return []string{"-H", quote("Content-Type: application/json"), "-d", quote(string(body))}, err == nil
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

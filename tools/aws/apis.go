package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// apis is the part of AWS's API models that the repository's commands use.
type apis struct {
	// Source is the module that has the models, with its version.
	Source string `json:"source"`
	// Operations are the operations by service and command: "rds describe-db-instances".
	Operations map[string]operation `json:"operations"`
	// Waiters are the operations that waiters call, by service and waiter: "rds db-instance-available".
	Waiters map[string]string `json:"waiters"`
}

// operation is the command of an operation.
type operation struct {
	// Options are its options without "--", each with the values that it takes.
	Options map[string]shape `json:"options"`
	// Required are the options without which AWS refuses the request.
	Required []string `json:"required,omitempty"`
	// Output are the names of all members of its answer, at any depth, with spaces between them: a --query selects by
	// them.
	Output string `json:"output,omitempty"`
}

// The types of values that are looked at.
const (
	text    = "string"
	boolean = "boolean"
	integer = "integer"
	list    = "list"
)

// shape is the type of a value.
type shape struct {
	// Type is that of the model: string, boolean, integer, list, structure, map…
	Type string `json:"type"`
	// Enum are the allowed values: of a string, or of a list's strings.
	Enum []string `json:"enum,omitempty"`
	// Members are those of a structure, or of a list's structures.
	Members map[string]shape `json:"members,omitempty"`
}

func readAPIs(encoded []byte) (apis, error) {
	var read apis
	if err := json.Unmarshal(encoded, &read); err != nil {
		return apis{}, fmt.Errorf("reading %s: %w", target, err)
	}

	return read, nil
}

var (
	acronyms  = regexp.MustCompile(`[A-Z]{2,}s$`)
	word      = regexp.MustCompile(`([^-])([A-Z][a-z]+)`)
	lowerCase = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// kebab is the CLI's form of a model's name: DBInstanceIdentifier is db-instance-identifier (botocore's xform_name).
func kebab(name string) string {
	if end := acronyms.FindStringIndex(name); end != nil { // VolumeARNs
		name = strings.TrimSuffix(name[:end[0]], "-") + "-" + strings.ToLower(name[end[0]:])
	}

	name = word.ReplaceAllString(name, "$1-$2")

	return strings.TrimPrefix(strings.ToLower(lowerCase.ReplaceAllString(name, "$1-$2")), "-")
}

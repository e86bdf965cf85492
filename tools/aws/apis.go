package main

import (
	"encoding/json"
	"regexp"
	"strings"
)

// apis is the part of AWS's API models that the repository's commands use.
type apis struct {
	// Source is the module that contains the models, with its version.
	Source string `json:"source"`
	// Operations are by service and command: "rds describe-db-instances".
	Operations map[string]operation `json:"operations"`
	// Waiters are the operations that waiters call, by service and waiter: "rds db-instance-available".
	Waiters map[string]string `json:"waiters"`
}

// operation is the command of an operation.
type operation struct {
	// Options are the types of values, by the option's name without "--".
	Options map[string]shape `json:"options"`
	// Required are the options without which AWS refuses the request.
	Required []string `json:"required,omitempty"`
	// Output lists the names of all members of the answer, at any depth, separated by spaces: a --query selects them.
	Output string `json:"output,omitempty"`
}

// The types of values that have rules of their own here.
const (
	text    = "string"
	boolean = "boolean"
	integer = "integer"
	list    = "list"
)

// shape is the type of a value.
type shape struct {
	// Type is the type's name in the model: string, boolean, integer, list, structure, map…
	Type string `json:"type"`
	// Enum are the allowed values of a string, or of a list's strings.
	Enum []string `json:"enum,omitempty"`
	// Members are the members of a structure, or of a list's structures.
	Members map[string]shape `json:"members,omitempty"`
}

func readAPIs(encoded []byte) (apis, error) {
	var read apis

	err := json.Unmarshal(encoded, &read)

	return read, err
}

var (
	acronyms  = regexp.MustCompile(`[A-Z]{2,}s$`)
	word      = regexp.MustCompile(`([^-])([A-Z][a-z]+)`)
	lowerCase = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// kebab returns the CLI's form of a model's name, as botocore's xform_name does: db-instance-identifier for
// DBInstanceIdentifier.
func kebab(name string) string {
	if end := acronyms.FindStringIndex(name); end != nil { // VolumeARNs
		name = strings.TrimSuffix(name[:end[0]], "-") + "-" + strings.ToLower(name[end[0]:])
	}

	name = word.ReplaceAllString(name, "$1-$2")

	return strings.TrimPrefix(strings.ToLower(lowerCase.ReplaceAllString(name, "$1-$2")), "-")
}

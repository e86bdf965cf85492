// Package catalogue describes the inputs of the simulated providers' types, functions and configurations: the names and
// kinds of their properties at any depth, and which are required, generated from the Go SDKs.
package catalogue

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:generate go run ./generate

// The notation of kinds: a basic kind or an object's name, after any number of List and Map, and before Required where
// that applies: "string, required", "[]string", "{}string", "object ec2.SecurityGroupIngress".
const (
	String   = "string"
	Integer  = "integer"
	Number   = "number"
	Boolean  = "boolean"
	Any      = "any"
	Asset    = "asset"
	Object   = "object "
	List     = "[]"
	Map      = "{}"
	Required = ", required"
)

// Catalogue describes one provider. Its JSON form has a line per property, so that a new version of an SDK is a
// readable difference.
type Catalogue struct {
	Module        string                       `json:"module"`
	Configuration map[string]string            `json:"configuration"`
	Types         map[string]Type              `json:"types"`
	Functions     map[string]Function          `json:"functions,omitempty"`
	Objects       map[string]map[string]string `json:"objects"`
}

// Type is a resource type: its inputs with their kinds, the names of its outputs, and the outputs that are always
// secret.
type Type struct {
	Inputs  map[string]string `json:"inputs"`
	Outputs []string          `json:"outputs"`
	Secrets []string          `json:"secrets,omitempty"`
}

// Function is an invoke: its arguments with their kinds and its outputs' names.
type Function struct {
	Arguments map[string]string `json:"arguments,omitempty"`
	Outputs   []string          `json:"outputs"`
}

//go:embed aws.json
var awsJSON []byte

//go:embed kubernetes.json
var kubernetesJSON []byte

// AWS returns the catalogue of the simulated aws provider.
func AWS() *Catalogue { return decode(awsJSON) }

// Kubernetes returns the catalogue of the simulated kubernetes provider.
func Kubernetes() *Catalogue { return decode(kubernetesJSON) }

func decode(text []byte) *Catalogue {
	var result Catalogue
	if err := json.Unmarshal(text, &result); err != nil {
		panic(err) // the file is generated
	}

	return &result
}

// Version is the SDK's version, "6.83.0". The engine compares it with that of the program.
func (c *Catalogue) Version() string {
	_, version, _ := strings.Cut(c.Module, "@v")

	return version
}

// Booleans returns the names of each type's boolean inputs, sorted.
func (c *Catalogue) Booleans() map[string][]string {
	booleans := make(map[string][]string, len(c.Types))

	for token, described := range c.Types {
		booleans[token] = nil

		for _, name := range slices.Sorted(maps.Keys(described.Inputs)) {
			if strings.TrimSuffix(described.Inputs[name], Required) == Boolean {
				booleans[token] = append(booleans[token], name)
			}
		}
	}

	return booleans
}

// Encode encodes the catalogue in its committed form.
func (c *Catalogue) Encode() ([]byte, error) {
	text, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return nil, fmt.Errorf("encoding the catalogue of %s: %w", c.Module, err)
	}

	return append(text, '\n'), nil
}

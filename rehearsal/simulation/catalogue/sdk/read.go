package sdk

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

// Read parses the SDK in folder root and returns the catalogue of module. It reports every missing type or function.
func Read(module Module, root string) (*catalogue.Catalogue, error) {
	s := &source{
		root: path.Join(root, module.Folder), folders: map[string]*declarations{}, objects: map[string]map[string]string{},
	}
	result := &catalogue.Catalogue{
		Module:    module.Path + "@" + module.Version,
		Types:     map[string]catalogue.Type{},
		Functions: map[string]catalogue.Function{},
		Objects:   s.objects,
	}

	var problems []error

	for _, token := range module.Types {
		read, err := s.resource(token)
		problems = append(problems, err)
		result.Types[token] = read
	}

	for _, token := range module.Functions {
		read, err := s.function(token)
		problems = append(problems, err)
		result.Functions[token] = read
	}

	configuration, err := s.properties("", "providerArgs")

	result.Configuration = configuration
	if err := errors.Join(append(problems, err)...); err != nil {
		return nil, fmt.Errorf("reading the SDK %s: %w", result.Module, err)
	}

	return result, nil
}

// resource reads a resource type: aws:ec2/vpc:Vpc is Vpc in the folder ec2, kubernetes:helm.sh/v3:Release is in
// helm/v3.
func (s *source) resource(token string) (catalogue.Type, error) {
	folder, name := locate(token)

	inputs, err := s.properties(folder, lowerFirst(name)+"Args")
	if err != nil {
		return catalogue.Type{}, fmt.Errorf("type %s: %w", token, err)
	}

	outputs, err := s.names(folder, name)
	if err != nil {
		return catalogue.Type{}, fmt.Errorf("type %s: %w", token, err)
	}

	body := s.folders[folder].functions["New"+name]

	for _, check := range requiredCheck.FindAllStringSubmatch(body, -1) {
		property := lowerFirst(check[1])
		if kind, ok := inputs[property]; ok {
			inputs[property] = strings.TrimSuffix(kind, catalogue.Required) + catalogue.Required
		}
	}

	var secrets []string

	for _, list := range secretList.FindAllStringSubmatch(body, -1) {
		for _, secret := range quotedName.FindAllStringSubmatch(list[1], -1) {
			secrets = append(secrets, secret[1])
		}
	}

	return catalogue.Type{Inputs: inputs, Outputs: outputs, Secrets: secrets}, nil
}

// The body of an SDK's New function checks required properties, and lists the outputs that are secret whatever the
// inputs are. A check that assigns is a default.
var (
	requiredCheck = regexp.MustCompile(`if args\.(\w+) == nil \{\s*return `)
	secretList    = regexp.MustCompile(`AdditionalSecretOutputs\(\[\]string\{([^}]*)\}`)
	quotedName    = regexp.MustCompile(`"(\w+)"`)
)

// function reads a function. The SDK names getBox LookupBox where GetBox belongs to a resource type Box.
func (s *source) function(token string) (catalogue.Function, error) {
	folder, name := locate(token)
	name = strings.ToUpper(name[:1]) + name[1:]

	lookup := "Lookup" + strings.TrimPrefix(name, "Get")
	if s.has(folder, lookup+"Result") {
		name = lookup
	}

	outputs, err := s.names(folder, name+"Result")
	if err != nil {
		return catalogue.Function{}, fmt.Errorf("function %s: %w", token, err)
	}

	if !s.has(folder, name+"Args") {
		return catalogue.Function{Outputs: outputs}, nil
	}

	arguments, err := s.properties(folder, name+"Args")
	if err != nil {
		return catalogue.Function{}, fmt.Errorf("function %s: %w", token, err)
	}

	return catalogue.Function{Arguments: arguments, Outputs: outputs}, nil
}

// locate splits a token into a folder of the SDK, "" for its root, and a name.
func locate(token string) (string, string) {
	parts := strings.Split(token, ":")
	name := parts[len(parts)-1]

	group, rest, _ := strings.Cut(parts[1], "/")
	if rest == "" || strings.EqualFold(rest, name) { // aws repeats the name
		if group == "index" {
			return "", name
		}

		return group, name
	}

	group, _, _ = strings.Cut(group, ".") // kubernetes omits the group's domain

	return group + "/" + rest, name
}

func lowerFirst(text string) string {
	return strings.ToLower(text[:1]) + text[1:]
}

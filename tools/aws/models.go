package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// The module that contains the models, and the folder of the module that pins its version.
const (
	modelsModule = "github.com/aws/aws-sdk-go"
	modelsPin    = "tools/pins/awsmodels"
)

// models are all API models of a version of the SDK.
type models struct {
	// module is the SDK with its version.
	module, folder string
	services       map[string]*service
}

// service is the model of a service, as in the SDK's files api-2.json and waiters-2.json.
type service struct {
	Operations map[string]struct {
		Input  reference `json:"input"`
		Output reference `json:"output"`
	} `json:"operations"`
	Shapes  map[string]modelShape `json:"shapes"`
	Waiters map[string]struct {
		Operation string `json:"operation"`
	} `json:"waiters"`
}

// modelShape is a type in a model.
type modelShape struct {
	Type     string               `json:"type"`
	Enum     []string             `json:"enum"`
	Required []string             `json:"required"`
	Members  map[string]reference `json:"members"`
	// Member is the type of a list's elements, and Value that of a map's values.
	Member reference `json:"member"`
	Value  reference `json:"value"`
}

// reference names a type.
type reference struct {
	Shape string `json:"shape"`
}

// findModels downloads the SDK's module (36 MB) unless the machine has it.
func findModels(ctx context.Context, root string) (*models, error) {
	command := exec.CommandContext(ctx, "go", "mod", "download", "-json", modelsModule)
	command.Dir = filepath.Join(root, modelsPin)

	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("downloading %s: %w: %s", modelsModule, err, output)
	}

	var module struct {
		Path    string `json:"Path"`
		Version string `json:"Version"`
		Dir     string `json:"Dir"`
	}

	if err := json.Unmarshal(output, &module); err != nil {
		return nil, fmt.Errorf("decoding the folder of %s: %w", modelsModule, err)
	}

	return &models{
		module:   module.Path + " " + module.Version,
		folder:   filepath.Join(module.Dir, "models", "apis"),
		services: map[string]*service{},
	}, nil
}

// service returns the newest model of a service.
func (m *models) service(name string) (*service, error) {
	if known := m.services[name]; known != nil {
		return known, nil
	}

	versions, err := filepath.Glob(filepath.Join(m.folder, name, "*"))
	if err != nil || len(versions) == 0 {
		return nil, fmt.Errorf("%s has no service %q", m.module, name)
	}

	read := &service{}

	for _, file := range []string{"api-2.json", "waiters-2.json"} {
		content, err := os.ReadFile(filepath.Join(versions[len(versions)-1], file))
		if errors.Is(err, fs.ErrNotExist) {
			continue // a service without waiters
		}

		if err == nil {
			err = json.Unmarshal(content, read)
		}

		if err != nil {
			return nil, fmt.Errorf("reading the model of %s: %w", name, err)
		}
	}

	m.services[name] = read

	return read, nil
}

// add adds the operation of a command to the used operations.
func (m *models) add(used *apis, c command) error {
	if _, custom := customs()[c.name()]; custom {
		return nil
	}

	s, err := m.service(c.service)
	if err != nil {
		return fmt.Errorf("%s: %w", c.at, err)
	}

	called := c.operation

	if waiter, waits := c.waiter(); waits {
		for name, found := range s.Waiters {
			if kebab(name) == waiter {
				called = kebab(found.Operation)
				used.Waiters[c.service+" "+waiter] = called
			}
		}
	}

	for name := range s.Operations {
		if kebab(name) == called {
			used.Operations[c.service+" "+called] = s.operation(name)

			return nil
		}
	}

	return fmt.Errorf("%s: %s has no command %q", c.at, m.module, c.name())
}

// operation returns the command of an operation.
func (s *service) operation(name string) operation {
	model := s.Operations[name]
	input := s.Shapes[model.Input.Shape]
	output := map[string]bool{}
	s.members(model.Output.Shape, output, map[string]bool{})

	command := operation{
		Options: map[string]shape{}, Output: strings.Join(slices.Sorted(maps.Keys(output)), " "),
	}

	for member, reference := range input.Members {
		command.Options[kebab(member)] = s.shape(reference.Shape, nil)
	}

	for _, member := range input.Required {
		command.Required = append(command.Required, kebab(member))
	}

	slices.Sort(command.Required)

	return command
}

// shape returns a type without the names of the model. It omits the members of a type within itself.
func (s *service) shape(name string, within []string) shape {
	model := s.Shapes[name]
	if model.Type == list {
		element := s.shape(model.Member.Shape, within)
		element.Type = list

		return element
	}

	read := shape{Type: model.Type, Enum: slices.Sorted(slices.Values(model.Enum))}

	if len(model.Members) > 0 && !slices.Contains(within, name) {
		read.Members = map[string]shape{}
		for member, reference := range model.Members {
			read.Members[member] = s.shape(reference.Shape, append(slices.Clip(within), name))
		}
	}

	return read
}

// members adds the names of all members of a type, at any depth, to names.
func (s *service) members(shape string, names, seen map[string]bool) {
	if seen[shape] {
		return
	}

	seen[shape] = true

	model := s.Shapes[shape]
	for member, reference := range model.Members {
		names[member] = true

		s.members(reference.Shape, names, seen)
	}

	s.members(model.Member.Shape, names, seen)
	s.members(model.Value.Shape, names, seen)
}

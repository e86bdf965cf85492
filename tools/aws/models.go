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

// The module that has the models, and where its version stands.
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

// service is the model of a service, as the SDK's api-2.json and waiters-2.json have it.
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

// modelShape is a type of a model.
type modelShape struct {
	Type     string               `json:"type"`
	Enum     []string             `json:"enum"`
	Required []string             `json:"required"`
	Members  map[string]reference `json:"members"`
	// Member is the type of a list's elements, Value that of a map's values.
	Member reference `json:"member"`
	Value  reference `json:"value"`
}

// reference names a type.
type reference struct {
	Shape string `json:"shape"`
}

// findModels downloads the SDK's module, if the machine does not have it: 36 MB.
func findModels(ctx context.Context, root string) (*models, error) {
	command := exec.CommandContext(ctx, "go", "mod", "download", "-json", modelsModule)
	command.Dir = filepath.Join(root, modelsPin)

	text, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("downloading %s: %w: %s", modelsModule, err, text)
	}

	var module struct {
		Path    string `json:"path"`
		Version string `json:"version"`
		Dir     string `json:"dir"`
	}

	if err := json.Unmarshal(text, &module); err != nil {
		return nil, fmt.Errorf("reading where %s is: %w", modelsModule, err)
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

	read := &service{}

	versions, err := filepath.Glob(filepath.Join(m.folder, name, "*", "api-2.json"))
	if err != nil || len(versions) == 0 {
		return nil, fmt.Errorf("%s has no service %q: %w", m.module, name, errors.Join(err, fs.ErrNotExist))
	}

	newest := versions[len(versions)-1]

	for _, file := range []string{newest, filepath.Join(filepath.Dir(newest), "waiters-2.json")} {
		text, err := os.ReadFile(filepath.Clean(file))
		if errors.Is(err, fs.ErrNotExist) {
			continue // a service without waiters
		}

		if err == nil {
			err = json.Unmarshal(text, read)
		}

		if err != nil {
			return nil, fmt.Errorf("reading the model of %s: %w", name, err)
		}
	}

	m.services[name] = read

	return read, nil
}

// add adds the operation of a command to those that are used.
func (m *models) add(used *apis, c command) error {
	if _, isCustom := customs()[c.name()]; isCustom {
		return nil
	}

	s, err := m.service(c.service)
	if err != nil {
		return fmt.Errorf("%s: %w", c.at, err)
	}

	called := c.operation

	if waiter, waits := c.waiter(); waits {
		called = s.waitsFor(waiter)
		used.Waiters[c.service+" "+waiter] = called
	}

	for name := range s.Operations {
		if kebab(name) == called {
			used.Operations[c.service+" "+called] = s.operation(name)

			return nil
		}
	}

	return fmt.Errorf("%s: %s has no command %q", c.at, m.module, c.name())
}

// waitsFor returns the operation that a waiter calls, or nothing where there is no such waiter.
func (s *service) waitsFor(waiter string) string {
	for name, found := range s.Waiters {
		if kebab(name) == waiter {
			return kebab(found.Operation)
		}
	}

	return ""
}

// operation returns the command of an operation.
func (s *service) operation(name string) operation {
	var (
		model   = s.Operations[name]
		input   = s.Shapes[model.Input.Shape]
		command = operation{Options: map[string]shape{}}
	)

	for member, is := range input.Members {
		command.Options[kebab(member)] = s.shape(is.Shape, nil)
	}

	for _, member := range input.Required {
		command.Required = append(command.Required, kebab(member))
	}

	output := map[string]bool{}
	s.members(model.Output.Shape, output, map[string]bool{})

	command.Output = strings.Join(slices.Sorted(maps.Keys(output)), " ")
	slices.Sort(command.Required)

	return command
}

// shape returns a type without the names of the model. It leaves out the members of types within themselves.
func (s *service) shape(name string, within []string) shape {
	model := s.Shapes[name]
	if model.Type == list {
		element := s.shape(model.Member.Shape, within)

		return shape{Type: list, Enum: element.Enum, Members: element.Members}
	}

	is := shape{Type: model.Type, Enum: slices.Sorted(slices.Values(model.Enum))}

	if len(model.Members) > 0 && !slices.Contains(within, name) {
		is.Members = map[string]shape{}
		for member, of := range model.Members {
			is.Members[member] = s.shape(of.Shape, append(slices.Clip(within), name))
		}
	}

	return is
}

// members adds the names of all members of a type to all.
func (s *service) members(name string, all, seen map[string]bool) {
	if seen[name] {
		return
	}

	seen[name] = true

	model := s.Shapes[name]
	for member, of := range model.Members {
		all[member] = true

		s.members(of.Shape, all, seen)
	}

	s.members(model.Member.Shape, all, seen)
	s.members(model.Value.Shape, all, seen)
}

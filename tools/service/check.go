package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// service is the one that is to be made.
type service struct {
	root  string
	name  string
	needs string
	kind  kind
}

func (s service) folder() string { return filepath.Join(s.root, "apps", s.name) }

// check tells everything that is wrong with what is wanted, before anything is made.
func (s service) check() error {
	if s.kind.model == "" {
		return errors.Join(s.checkName(), fmt.Errorf("NEEDS: got %q, want one of %s", s.needs, words()))
	}

	used, err := s.identifiers()
	if token.IsKeyword(s.name) || slices.Contains(used, s.name) {
		err = fmt.Errorf("NAME: got %q, want another: the code of %s uses that word", s.name, s.kind.model)
	}

	return errors.Join(s.checkName(), err)
}

func (s service) checkName() error {
	// A Go package's name is without hyphens, and the user of a cache is called <environment>-<name>, at most 40 long.
	if !regexp.MustCompile(`^[a-z][a-z0-9]{1,19}$`).MatchString(s.name) {
		return fmt.Errorf("NAME: got %q, want 2 to 20 small letters and digits, a letter first: "+
			"it is a folder, a namespace, a Go package and a user's name", s.name)
	}

	var wrong []error

	if _, err := os.Stat(s.folder()); err == nil {
		wrong = append(wrong, fmt.Errorf("NAME: got %q, want another: apps/%s is there", s.name, s.name))
	}

	for _, file := range s.settings() {
		if text, err := os.ReadFile(file); err != nil {
			wrong = append(wrong, fmt.Errorf("reading the settings: %w", err))
		} else if _, err := with(string(text), s.name, s.needs); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", file, err))
		}
	}

	if text, err := os.ReadFile(filepath.Join(s.root, account)); err != nil {
		wrong = append(wrong, fmt.Errorf("reading the settings: %w", err))
	} else if _, err := withImage(string(text), s.name); err != nil {
		wrong = append(wrong, fmt.Errorf("%s: %w", account, err))
	}

	return errors.Join(wrong...)
}

// identifiers are the words of the model's code, none of which can also be the name of a package in it.
func (s service) identifiers() ([]string, error) {
	var used []string

	folder := filepath.Join(s.root, "apps", s.kind.model, "service")

	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}

		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}

		ast.Inspect(file, func(node ast.Node) bool {
			if identifier, is := node.(*ast.Ident); is && !strings.EqualFold(identifier.Name, s.kind.model) {
				used = append(used, identifier.Name)
			}

			return true
		})

		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the code of %s: %w", s.kind.model, err)
	}

	return used, nil
}

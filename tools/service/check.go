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
)

// service is the new service.
type service struct {
	kind

	root, name, needs string
}

func (s service) folder() string { return filepath.Join(s.root, "apps", s.name) }

// validName has no hyphens, because it is also a Go package. A cache's user is named <environment>-<name>, which may
// have 40 characters.
var validName = regexp.MustCompile(`^[a-z][a-z0-9]{1,19}$`)

// check reports everything that is wrong with NAME and NEEDS.
func (s service) check() error {
	var problems []error

	if s.model == "" {
		problems = append(problems, fmt.Errorf("NEEDS: got %q, expected one of %s", s.needs, stores()))
	}

	if _, err := os.Stat(s.folder()); !validName.MatchString(s.name) {
		problems = append(problems, fmt.Errorf("NAME: got %q, expected 2 to 20 lowercase letters and digits that start with "+
			"a letter: it names a folder, a namespace, a Go package and a user", s.name))
	} else if err == nil {
		problems = append(problems, fmt.Errorf("NAME: got %q, expected a new name: apps/%s exists", s.name, s.name))
	}

	if s.model != "" {
		problems = append(problems, s.checkIdentifiers())
	}

	return errors.Join(problems...)
}

// checkIdentifiers rejects a name that the model's code uses: it could not also be the name of a package there.
func (s service) checkIdentifiers() error {
	used := token.IsKeyword(s.name)
	folder := filepath.Join(s.root, "apps", s.model, "service")

	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}

		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}

		for node := range ast.Preorder(file) {
			identifier, ok := node.(*ast.Ident)
			used = used || ok && identifier.Name == s.name && s.name != s.model
		}

		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the code of %s: %w", s.model, err)
	}

	if used {
		return fmt.Errorf("NAME: got %q, expected another name: the code of %s uses it as an identifier", s.name, s.model)
	}

	return nil
}

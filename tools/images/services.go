package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
)

// service is one that has an image.
type service struct {
	// name is that of its folder in apps, of its repository and of its command.
	name string
	// folder holds its module.
	folder string
}

// findServices lists the services of a repository by name. The error names every one that cannot have an image.
func findServices(root string) ([]service, error) {
	// A DNS label, as the namespace that has the same name wants.
	label := regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)
	pattern := filepath.Join(root, "apps", "*", "service", "go.mod")

	modules, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("looking for services: %w", err)
	}

	if len(modules) == 0 {
		return nil, fmt.Errorf("services: no %s here, want the root of the repository", pattern)
	}

	services := make([]service, 0, len(modules))

	var problems []error

	for _, module := range modules {
		s := service{folder: filepath.Dir(module), name: filepath.Base(filepath.Dir(filepath.Dir(module)))}
		services = append(services, s)

		if !label.MatchString(s.name) {
			problems = append(problems,
				fmt.Errorf("%s: got the name %q, want small letters, digits and hyphens", s.folder, s.name))
		}
	}

	return services, errors.Join(problems...)
}

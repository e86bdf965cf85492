package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
)

// service is a service with an image.
type service struct {
	// name is the name of its folder in apps, its repository and its command.
	name string
	// folder is the folder of its module.
	folder string
}

// findServices lists the services of a repository by name. The error contains every invalid name.
func findServices(root string) ([]service, error) {
	// The service's namespace has the same name, which must be a DNS label.
	label := regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)
	pattern := filepath.Join(root, "apps", "*", "service", "go.mod")

	modules, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("looking for services: %w", err)
	}

	if len(modules) == 0 {
		return nil, fmt.Errorf("found no %s: run this in the root of the repository", pattern)
	}

	services := make([]service, 0, len(modules))

	var problems []error

	for _, module := range modules {
		s := service{folder: filepath.Dir(module), name: filepath.Base(filepath.Dir(filepath.Dir(module)))}
		services = append(services, s)

		if !label.MatchString(s.name) {
			problems = append(problems,
				fmt.Errorf("%s: the service's name is %q, expected lower-case letters, digits and hyphens", s.folder, s.name))
		}
	}

	return services, errors.Join(problems...)
}

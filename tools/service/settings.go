package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// settings are the files of the environments.
func (s service) settings() []string {
	files, err := filepath.Glob(filepath.Join(s.root, "Pulumi.?*.yaml"))
	if err != nil {
		panic(err) // the pattern is a constant
	}

	return files
}

// deploy has every environment deploy the service.
func (s service) deploy() error {
	for _, file := range s.settings() {
		text, err := os.ReadFile(file) //nolint:gosec // one of the project's own
		if err != nil {
			return fmt.Errorf("reading the settings: %w", err)
		}

		changed, err := with(string(text), s.name, s.needs)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}

		if err := os.WriteFile(file, []byte(changed), mayRead); err != nil { //nolint:gosec // part of a checkout
			return fmt.Errorf("writing the settings: %w", err)
		}
	}

	return nil
}

var (
	errNoApps   = errors.New("found no line `  platform:apps:` with applications below it")
	errDeployed = errors.New("platform:apps has an application of that name or path")
)

// with adds an application to a stack file, after those that are there. It changes nothing else, comments least of all.
func with(text, name, needs string) (string, error) {
	const apps = "\n  platform:apps:\n"

	before, after, found := strings.Cut(text, apps)
	if !found {
		return "", errNoApps
	}

	there := 0

	for line := range strings.Lines(after) {
		if !strings.HasPrefix(line, "    ") {
			break
		}

		if key := strings.TrimSpace(line); key == name+":" || key == "path: /"+name {
			return "", errDeployed
		}

		there += len(line)
	}

	entry := fmt.Sprintf("    %s:\n      path: /%s\n", name, name)
	if needs != "none" {
		entry += fmt.Sprintf("      needs: [%s]\n", needs)
	}

	return before + apps + after[:there] + entry + after[there:], nil
}

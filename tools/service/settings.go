package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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

// account is the file of the account's own project, with the list of the images that have a repository.
const account = "infra/bootstrap/Pulumi.account.yaml"

// deploy has every environment deploy the service, and gives its images a repository: in all files, or in none.
func (s service) deploy() error {
	changes := map[string]func(string) (string, error){
		filepath.Join(s.root, account): func(text string) (string, error) { return withImage(text, s.name) },
	}
	for _, file := range s.settings() {
		changes[file] = func(text string) (string, error) { return with(text, s.name, s.needs) }
	}

	for file, how := range changes {
		defer os.Remove(beside(file))

		if err := write(file, how); err != nil {
			return err
		}
	}

	for file := range changes {
		if err := os.Rename(beside(file), file); err != nil {
			return fmt.Errorf("writing the settings: %w", err)
		}
	}

	return nil
}

// beside is the file that is to take another's place, once all are written.
func beside(file string) string { return file + ".new" }

// write writes what a file is to become beside it.
func write(file string, how func(string) (string, error)) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}

	changed, err := how(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}

	if err := os.WriteFile(beside(file), []byte(changed), mayRead); err != nil {
		return fmt.Errorf("writing the settings: %w", err)
	}

	return nil
}

var (
	errNoImages = errors.New("found no line `  bootstrap:images: […]`")
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

// withImage adds an image to the list of the account's file.
func withImage(text, name string) (string, error) {
	list := regexp.MustCompile(`(?m)^(  bootstrap:images: \[.*)\]$`)
	if !list.MatchString(text) {
		return "", errNoImages
	}

	return list.ReplaceAllString(text, "${1}, "+name+"]"), nil
}

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// account is the stack file of infra/bootstrap. It lists the images that have a repository.
const account = "infra/bootstrap/Pulumi.account.yaml"

// settings returns the changed stack files: every environment deploys the service, and its image gets a repository.
func (s service) settings() (map[string]string, error) {
	stacks, err := filepath.Glob(filepath.Join(s.root, "Pulumi.?*.yaml"))
	if err != nil {
		return nil, fmt.Errorf("looking for the stack files: %w", err)
	}

	var (
		changed  = make(map[string]string)
		problems []error
	)

	for _, file := range append(stacks, filepath.Join(s.root, account)) {
		content, err := os.ReadFile(file)
		if err != nil {
			problems = append(problems, err)

			continue
		}

		if file == filepath.Join(s.root, account) {
			changed[file], err = addImage(string(content), s.name)
		} else {
			changed[file], err = addApplication(string(content), s.name, s.needs)
		}

		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", file, err))
		}
	}

	return changed, errors.Join(problems...)
}

var (
	errNoImages = errors.New("found no line `  bootstrap:images: […]`")
	errNoApps   = errors.New("found no line `  platform:apps:` with applications below it")
	errDeployed = errors.New("platform:apps already has an application with this name or path")
)

// addApplication adds an application to a stack file, after the existing ones. Everything else stays, including
// comments.
func addApplication(content, name, needs string) (string, error) {
	const apps = "\n  platform:apps:\n"

	before, after, found := strings.Cut(content, apps)
	if !found {
		return "", errNoApps
	}

	end := 0

	for line := range strings.Lines(after) {
		if !strings.HasPrefix(line, "    ") {
			break
		}

		if key := strings.TrimSpace(line); key == name+":" || key == "path: /"+name {
			return "", errDeployed
		}

		end += len(line)
	}

	entry := fmt.Sprintf("    %[1]s:\n      path: /%[1]s\n", name)
	if needs != "none" {
		entry += fmt.Sprintf("      needs: [%s]\n", needs)
	}

	return before + apps + after[:end] + entry + after[end:], nil
}

// addImage adds an image to the account's list.
func addImage(content, name string) (string, error) {
	list := regexp.MustCompile(`(?m)^(  bootstrap:images: \[.*)\]$`)
	if !list.MatchString(content) {
		return "", errNoImages
	}

	return list.ReplaceAllString(content, "${1}, "+name+"]"), nil
}

package launcher

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// projectFile describes a Pulumi project.
const projectFile = "Pulumi.yaml"

// project describes a Pulumi project.
type project struct {
	name string
	// program is the folder of the program.
	program string
	// stacks are the names of the stacks that have a file, sorted.
	stacks []string
	// content is that of the project file.
	content map[string]any
}

// readProject reads the project in a folder.
func readProject(folder string) (project, error) {
	content, err := readYAML(filepath.Join(folder, projectFile))
	if err != nil {
		return project{}, err
	}

	name, named := content["name"].(string)
	if !named {
		return project{}, fmt.Errorf("%s in %s has no name", projectFile, folder)
	}

	program, _ := content["main"].(string)

	// The folder's path may contain characters that filepath.Glob would interpret.
	files, err := fs.Glob(os.DirFS(folder), stackFile("*"))
	if err != nil {
		return project{}, fmt.Errorf("listing the stack files in %s: %w", folder, err)
	}

	read := project{name: name, program: filepath.Join(folder, program), content: content}
	for _, file := range files {
		read.stacks = append(read.stacks, strings.TrimSuffix(strings.TrimPrefix(file, "Pulumi."), ".yaml"))
	}

	return read, nil
}

// copyProject updates the rehearsal's project folder: copies of the stack files, and a project file that points to the
// program in the checkout. The engine works there because it writes to stack files and deletes them with their stacks.
func (s *Session) copyProject() error {
	from, to := s.options.Folders.Project, s.options.Folders.stacks()

	content := maps.Clone(s.project.content)
	content["main"] = s.project.program

	if err := writeYAML(filepath.Join(to, projectFile), content); err != nil {
		return err
	}

	if err := removeStackFiles(to, s.project.stacks); err != nil {
		return err
	}

	for _, stack := range s.project.stacks {
		source := filepath.Join(from, stackFile(stack))
		if stack == s.options.Stack && s.options.StackFile != "" {
			source = s.options.StackFile
		}

		if err := copyStackFile(source, filepath.Join(to, stackFile(stack))); err != nil {
			return err
		}
	}

	return nil
}

// removeStackFiles removes the copies of stack files that the project no longer has. The program would take them for
// environments: it refuses their ranges and names, and suggests to copy them.
func removeStackFiles(folder string, known []string) error {
	copied, err := readProject(folder)
	if err != nil {
		return err
	}

	for _, stack := range copied.stacks {
		if slices.Contains(known, stack) {
			continue
		}

		if err := os.Remove(filepath.Join(folder, stackFile(stack))); err != nil {
			return fmt.Errorf("removing the copy of a deleted stack file: %w", err)
		}
	}

	return nil
}

func readYAML(path string) (map[string]any, error) {
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}

	content := make(map[string]any)
	if err := yaml.Unmarshal(text, &content); err != nil {
		if bytes.Contains(text, []byte("\t")) {
			err = fmt.Errorf("%w (YAML allows no tabs: use spaces)", err)
		}

		return nil, fmt.Errorf("reading %s: %w", path, err)
	}

	return content, nil
}

func writeYAML(path string, content map[string]any) error {
	text, err := yaml.Marshal(content)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}

	if err := os.WriteFile(path, text, 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}

	return nil
}

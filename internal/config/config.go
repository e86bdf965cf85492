// Package config reads the configuration of a Pulumi stack: it decodes it strictly, checks it, and reports every
// mistake at once, each with the command that fixes it. The programs that use the package define the settings.
package config

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"go.yaml.in/yaml/v3"
)

// Values is a stack's configuration as the engine passes it to a program: strings by key. Objects and lists are JSON.
type Values map[string]string

// FromEngine returns the whole configuration of the running program. Pulumi's own package returns one key at a time,
// so it could not find a key that no setting reads.
func FromEngine() (Values, error) {
	var values Values
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &values); err != nil {
		return nil, fmt.Errorf("reading the stack's configuration from %s: %w", pulumi.EnvConfig, err)
	}

	return values, nil
}

// Stacks returns the names of the stacks that have a file in a folder, sorted.
func Stacks(folder string) ([]string, error) {
	// Not filepath.Glob: the folder's own path may contain characters that have a meaning in a pattern.
	files, err := fs.Glob(os.DirFS(folder), "Pulumi.*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing the stack files in %s: %w", folder, err)
	}

	names := make([]string, 0, len(files))
	for _, file := range files {
		names = append(names, strings.TrimSuffix(strings.TrimPrefix(file, "Pulumi."), ".yaml"))
	}

	return names, nil
}

// File is the path of a stack's file.
func File(folder, stack string) string { return filepath.Join(folder, "Pulumi."+stack+".yaml") }

// ReadFile returns the configuration in a stack file, as Parse does.
func ReadFile(path string) (Values, error) {
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("reading the stack file %s: %w", path, err)
	}

	return Parse(path, text)
}

// Parse returns the configuration in the text of a stack file, in the form in which the engine passes it to a program.
// Errors name the path.
func Parse(path string, text []byte) (Values, error) {
	var file struct {
		Config map[string]any `yaml:"config"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("reading the stack file %s: %w", path, err)
	}

	values := make(Values, len(file.Config))

	for name, value := range file.Config {
		if text, isString := value.(string); isString {
			values[name] = text

			continue
		}

		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("reading %s in the stack file %s: %w", name, path, err)
		}

		values[name] = string(text)
	}

	return values, nil
}

package launcher

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// saltKey is where the engine keeps what it made of the passphrase.
const saltKey = "encryptionsalt"

// secretKeys bind a stack file to whoever encrypts its secrets. The rehearsal has a passphrase of its own.
func secretKeys() []string { return []string{saltKey, "secretsprovider", "encryptedkey"} }

// stackFile is the name of a stack's file.
func stackFile(stack string) string { return "Pulumi." + stack + ".yaml" }

// knownStacks returns the stacks that have a file in the folder, in order.
func knownStacks(folder string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(folder, stackFile("*")))
	if err != nil {
		return nil, fmt.Errorf("listing the stack files in %s: %w", folder, err)
	}

	stacks := make([]string, 0, len(files))
	for _, file := range files {
		stacks = append(stacks, strings.TrimSuffix(strings.TrimPrefix(filepath.Base(file), "Pulumi."), ".yaml"))
	}

	slices.Sort(stacks)

	return stacks, nil
}

// copyStackFile brings the copy of a stack file up to date and returns its path. The engine writes into the
// stack file it is given: it is given the copy, and keeps its salt there.
func copyStackFile(source, target string) error {
	content, err := readYAML(source)
	if err != nil {
		return err
	}

	for _, key := range secretKeys() {
		delete(content, key)
	}

	if former, err := readYAML(target); err == nil && former[saltKey] != nil {
		content[saltKey] = former[saltKey]
	}

	text, err := yaml.Marshal(content)
	if err != nil {
		return fmt.Errorf("copying %s: %w", source, err)
	}

	if err := os.WriteFile(target, text, 0o600); err != nil {
		return fmt.Errorf("copying %s: %w", source, err)
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
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}

	return content, nil
}

// Package files writes several files at once, for the tools that create parts of the repository.
package files

import (
	"fmt"
	"os"
)

// Write writes all files or none. The keys are paths, and the values contents. It writes each beside the old one first,
// under a name that ends in .new.
func Write(contents map[string]string) error {
	const readable = 0o644

	for file, content := range contents {
		defer os.Remove(file + ".new")

		if err := os.WriteFile(file+".new", []byte(content), readable); err != nil {
			return fmt.Errorf("changing files: %w", err)
		}
	}

	for file := range contents {
		if err := os.Rename(file+".new", file); err != nil {
			return fmt.Errorf("changing files: %w", err)
		}
	}

	return nil
}

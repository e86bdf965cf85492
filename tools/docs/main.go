// Command docs writes the generated parts of the documentation: docs/components.md, from the code of the components;
// docs/settings.md, from that of the settings; and the drawings in docs/architecture.md. Components and drawings also
// read the environments' golden graphs. Run it in the root of the repository.
package main

import (
	"fmt"
	"io/fs"
	"os"
)

// document is a file with generated parts.
type document struct {
	file string
	// generate returns the file's content, from the files of the repository.
	generate func(fs.FS) ([]byte, error)
}

func documents() []document {
	return []document{
		{"docs/components.md", reference}, {"docs/settings.md", settingsPage}, {"docs/architecture.md", architecture},
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	for _, d := range documents() {
		content, err := d.generate(os.DirFS("."))
		if err != nil {
			return fmt.Errorf("generating %s: %w", d.file, err)
		}

		if err := os.WriteFile(d.file, content, 0o600); err != nil {
			return fmt.Errorf("writing %s: %w", d.file, err)
		}
	}

	return nil
}

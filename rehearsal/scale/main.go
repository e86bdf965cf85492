// Command scale writes docs/scale.md: how the platform grows with the number of its services, and where it stops. With
// -measure, it also deploys the sandbox with more and more services in the rehearsal, and fails if a preview takes more
// time for each resource. It runs in the folder of its module.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

//go:generate go -C .. run ./scale

// The files in the repository: the document, and the figures of the last measurement.
const (
	target  = "docs/scale.md"
	figures = "rehearsal/scale/measured.json"
)

func main() {
	if program := os.Getenv(programVariable); program != "" {
		os.Exit(observe(program, os.Getenv(usageVariable)))
	}

	measured := flag.Bool("measure", false, "measure again")

	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)

	root, err := filepath.Abs("..")
	if err == nil && *measured {
		err = record(ctx, root)
	}

	if err == nil {
		err = write(root)
	}

	stop()

	if err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

// record measures, and replaces the figures of the last measurement if the platform still scales.
func record(ctx context.Context, root string) error {
	m, err := measure(ctx, root)
	if err != nil {
		return err
	}

	if err := m.check(); err != nil {
		return err
	}

	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding the figures: %w", err)
	}

	if err := os.WriteFile(filepath.Join(root, figures), append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("writing the figures: %w", err)
	}

	return nil
}

// write writes the document.
func write(root string) error {
	document, err := generate(os.DirFS(root))
	if err != nil {
		return err
	}

	if err := os.WriteFile(filepath.Join(root, target), []byte(document), 0o600); err != nil {
		return fmt.Errorf("writing the document: %w", err)
	}

	return nil
}

// generate returns the document.
func generate(repository fs.FS) (string, error) {
	text, err := fs.ReadFile(repository, figures)
	if err != nil {
		return "", fmt.Errorf("reading the figures: %w", err)
	}

	var m measurement
	if err := json.Unmarshal(text, &m); err != nil {
		return "", fmt.Errorf("decoding %s: %w", figures, err)
	}

	platforms, err := readPlatforms(repository)
	if err != nil {
		return "", err
	}

	return render(platforms, m)
}

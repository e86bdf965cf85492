// Rehearsal runs the project in the current folder on the real Pulumi engine, with simulated providers in
// place of a cloud. `make` calls it; the variables that it reads are those of the Makefile.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/msur/platform/rehearsal/bench"
	"github.com/msur/platform/rehearsal/launcher"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)

	// Ctrl-C reaches the engine too, which then ends in order: this process takes no notice and waits for it.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)

	err := run(ctx, os.Args[1:])

	stop()

	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	project := os.Getenv(launcher.ProjectVariable)
	if project == "" {
		here, err := os.Getwd()
		if err != nil {
			return fmt.Errorf("finding the project: %w", err)
		}

		project = here
	}

	folders := launcher.ProjectFolders(project)
	if base := os.Getenv(launcher.FolderVariable); base != "" {
		folders.Base, folders.Out = base, filepath.Join(base, "out")
	}

	options := launcher.Options{
		Folders:     folders,
		Stack:       cmp.Or(os.Getenv("STACK"), os.Getenv("PULUMI_STACK"), launcher.DefaultStack),
		StackFile:   "",
		Faults:      os.Getenv("FAULTS"),
		CLI:         os.Getenv("PULUMI"),
		Environment: os.Environ(),
		Stdin:       os.Stdin,
		Stdout:      os.Stdout,
		Stderr:      os.Stderr,
	}

	if len(args) > 0 && args[0] == "pulumi" {
		return launcher.Exec(ctx, options, args[1:]) //nolint:wrapcheck // its errors are whole sentences
	}

	command := ""
	if len(args) > 0 {
		command = args[0]
	}

	if command == "bench" {
		return measure(ctx, project)
	}

	//nolint:wrapcheck // its errors are whole sentences
	return launcher.Run(ctx, options, command, cmp.Or(os.Getenv("SHELL"), "/bin/sh"))
}

// measure runs the benchmarks in a folder of their own, which is removed afterwards.
func measure(ctx context.Context, project string) error {
	scratch, err := os.MkdirTemp("", "rehearsal-bench-")
	if err != nil {
		return fmt.Errorf("making a folder for the bench: %w", err)
	}
	defer os.RemoveAll(scratch) //nolint:errcheck // what is left in a temporary folder is the system's to remove

	b := &bench.Bench{Project: project, Scratch: scratch, Environment: os.Environ(), Out: os.Stdout}
	if err := b.Run(ctx); err != nil {
		return fmt.Errorf("measuring: %w", err)
	}

	return nil
}

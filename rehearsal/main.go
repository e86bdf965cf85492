// Rehearsal runs the project in the current folder on the real Pulumi engine, with simulated providers in
// place of a cloud. `make` calls it; the variables that it reads are those of the Makefile.
package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync/atomic"
	"syscall"

	"github.com/msur/platform/rehearsal/bench"
	"github.com/msur/platform/rehearsal/language"
	"github.com/msur/platform/rehearsal/launcher"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)

	err := run(ctx, os.Args[1:])

	stop()

	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	options, err := readOptions()
	if err != nil {
		return err
	}

	command := ""
	if len(args) > 0 {
		command = args[0]
	}

	switch command {
	case "bench":
		return measure(ctx, options.Folders.Project)
	case "pulumi":
		// The shell's own STACK is that of its start; pulumi has a variable of its own for it.
		options.Stack = cmp.Or(os.Getenv("PULUMI_STACK"), options.Stack)

		return launcher.Exec(ctx, options, args[1:])
	default:
		return launcher.Run(ctx, options, command)
	}
}

// readOptions reads what the environment says of the rehearsal: everything that it is told comes from there.
func readOptions() (launcher.Options, error) {
	// An empty path is the current folder.
	project, err := filepath.Abs(os.Getenv(launcher.ProjectVariable))
	if err != nil {
		return launcher.Options{}, fmt.Errorf("finding the project: %w", err)
	}

	folders := launcher.ProjectFolders(project)

	// The tools are built into one folder, whichever project they are for.
	self, err := os.Executable()
	if err != nil {
		return launcher.Options{}, fmt.Errorf("finding the rehearsal's tools: %w", err)
	}

	folders.Bin = filepath.Dir(self)

	if os.Getenv(launcher.FolderVariable) != "" {
		folders.Base, err = filepath.Abs(os.Getenv(launcher.FolderVariable))
		if err != nil {
			return launcher.Options{}, fmt.Errorf("finding the rehearsal's folder: %w", err)
		}

		folders.Out = filepath.Join(folders.Base, "out")
	}

	cli := os.Getenv("PULUMI")
	if cli != "" {
		found, err := exec.LookPath(cli)
		if err != nil {
			return launcher.Options{}, fmt.Errorf("PULUMI: got %q, want a Pulumi CLI: %w", cli, err)
		}

		cli, err = filepath.Abs(found)
		if err != nil {
			return launcher.Options{}, fmt.Errorf("PULUMI: %w", err)
		}
	}

	return launcher.Options{
		Folders:      folders,
		Stack:        cmp.Or(os.Getenv("STACK"), launcher.DefaultStack),
		Confirm:      os.Getenv("CONFIRM"),
		Make:         os.Getenv(launcher.MakeVariable),
		Faults:       os.Getenv("FAULTS"),
		CLI:          cli,
		Built:        os.Getenv(language.BuiltVariable),
		ControlPlane: os.Getenv(launcher.ControlPlaneVariable),
		Environment:  os.Environ(),
		Interrupted:  interrupted(),
		Stdin:        os.Stdin,
		Stdout:       os.Stdout,
		Stderr:       os.Stderr,
	}, nil
}

// interrupted remembers Ctrl-C. It reaches the engine too, which then ends in order: this process waits for it, and
// begins nothing more.
func interrupted() func() bool {
	var pressed atomic.Bool

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt)

	go func() {
		<-signals
		pressed.Store(true)
	}()

	return pressed.Load
}

// measure runs the benchmarks in a folder of their own, which is removed afterwards.
func measure(ctx context.Context, project string) error {
	scratch, err := os.MkdirTemp("", "rehearsal-bench-")
	if err != nil {
		return fmt.Errorf("making a folder for the bench: %w", err)
	}
	defer os.RemoveAll(scratch)

	b := &bench.Bench{Project: project, Scratch: scratch, Environment: os.Environ(), Out: os.Stdout}
	if err := b.Run(ctx); err != nil {
		return fmt.Errorf("measuring: %w", err)
	}

	return nil
}

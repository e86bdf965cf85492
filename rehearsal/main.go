// Rehearsal runs the project in the current folder with the real Pulumi engine and simulated providers. `make` calls
// it, and the Makefile documents the variables that it reads.
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

	if command == "pulumi" {
		// In a shell, STACK is the stack at its start. The user can change PULUMI_STACK.
		options.Stack = cmp.Or(os.Getenv("PULUMI_STACK"), options.Stack)

		return launcher.Exec(ctx, options, args[1:])
	}

	return launcher.Run(ctx, options, command)
}

// readOptions reads all options from the environment.
func readOptions() (launcher.Options, error) {
	// The absolute path of "" is the current folder.
	project, err := filepath.Abs(os.Getenv(launcher.ProjectVariable))
	if err != nil {
		return launcher.Options{}, fmt.Errorf("finding the project: %w", err)
	}

	folders := launcher.ProjectFolders(project)

	// All projects use the tools beside this binary.
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
			return launcher.Options{}, fmt.Errorf("PULUMI=%s: expected a Pulumi CLI: %w", cli, err)
		}

		cli, err = filepath.Abs(found)
		if err != nil {
			return launcher.Options{}, fmt.Errorf("PULUMI=%s: %w", cli, err)
		}
	}

	return launcher.Options{
		Folders:            folders,
		Stack:              cmp.Or(os.Getenv("STACK"), launcher.DefaultStack),
		Confirm:            os.Getenv("CONFIRM"),
		Account:            os.Getenv("ACCOUNT"),
		Role:               os.Getenv("ROLE"),
		Make:               os.Getenv(launcher.MakeVariable),
		Faults:             os.Getenv("FAULTS"),
		Base:               os.Getenv("BASE"),
		Assume:             os.Getenv("ASSUME"),
		CLI:                cli,
		Built:              os.Getenv(language.BuiltVariable),
		ControlPlane:       os.Getenv(launcher.ControlPlaneVariable),
		KubernetesProvider: os.Getenv(launcher.ProviderVariable),
		Environment:        os.Environ(),
		Interrupted:        interrupted(),
		Stdin:              os.Stdin,
		Stdout:             os.Stdout,
		Stderr:             os.Stderr,
	}, nil
}

// interrupted returns a function that reports whether the user has pressed Ctrl-C. The engine gets the signal too and
// stops in good order. This process waits for it, and then starts nothing else.
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

package launcher

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// engine runs the Pulumi CLI.
type engine struct {
	// cli is the path of the CLI.
	cli string
	// folder is the CLI's working directory.
	folder string
	// environment is the CLI's whole environment.
	environment []string
	// lock stays held while the CLI runs, even if this process is killed.
	lock *os.File
	// interrupted reports whether the user interrupted the rehearsal.
	interrupted    func() bool
	stdin          io.Reader
	stdout, stderr io.Writer
}

// newEngine returns an engine that runs in the rehearsal's project folder.
func newEngine(options Options, environment []string) *engine {
	cli := options.CLI
	if cli == "" {
		cli = filepath.Join(options.Folders.Bin, "pulumi")
	}

	return &engine{
		cli: cli, folder: options.Folders.stacks(), environment: environment,
		stdin: options.Stdin, stdout: options.Stdout, stderr: options.Stderr,
		interrupted: func() bool { return options.Interrupted != nil && options.Interrupted() },
	}
}

// ErrEngine stands for an error that the engine has already reported to the user.
var ErrEngine = errors.New("fix the errors above")

// ErrInterrupted reports that the user interrupted the run.
var ErrInterrupted = errors.New("interrupted: the next run continues from the current state")

// grace is the time that an interrupted engine gets to write its state before it is killed.
const grace = time.Minute

// run runs the CLI and shows its output. The end of ctx interrupts it as Ctrl-C would.
func (e *engine) run(ctx context.Context, args ...string) error {
	if e.interrupted() {
		return ErrInterrupted
	}

	command := e.command(ctx, args...)
	command.Stdin, command.Stdout, command.Stderr = e.stdin, e.stdout, e.stderr

	var exited *exec.ExitError

	switch err := command.Run(); {
	case err != nil && e.interrupted():
		return ErrInterrupted
	case errors.As(err, &exited):
		return ErrEngine
	case err != nil:
		return fmt.Errorf("running pulumi %s: %w", args[0], err)
	}

	return nil
}

// quietly runs the CLI on an input and returns its output. The output is shown only in the error of a failed run.
func (e *engine) quietly(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	if e.interrupted() {
		return nil, ErrInterrupted
	}

	var stderr strings.Builder

	command := e.command(ctx, args...)
	command.Stdin, command.Stderr = bytes.NewReader(input), &stderr

	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("running pulumi %s: %w\n%s%s", strings.Join(args, " "), err, output, stderr.String())
	}

	return output, nil
}

func (e *engine) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, e.cli, args...)
	command.Dir = e.folder
	command.Env = e.environment
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGINT) }
	command.WaitDelay = grace

	if e.lock != nil {
		command.ExtraFiles = []*os.File{e.lock}
	}

	return command
}

package launcher

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// engine runs the Pulumi CLI.
type engine struct {
	// cli is the path of the CLI.
	cli string
	// folder is where it runs.
	folder string
	// environment is all that it knows.
	environment    []string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// newEngine runs the CLI of the options, in the project's folder.
func newEngine(options Options, environment []string) *engine {
	cli := options.CLI
	if cli == "" {
		cli = filepath.Join(options.Folders.Bin, "pulumi")
	}

	return &engine{
		cli: cli, folder: options.Folders.Project, environment: environment,
		stdin: options.Stdin, stdout: options.Stdout, stderr: options.Stderr,
	}
}

// ErrEngine stands for what the engine has already told the user.
var ErrEngine = errors.New(
	"mend what the engine says above (its pulumi commands work in `make shell`) and try again: it goes on from there")

// grace is how long an interrupted engine has to write its state before it is killed.
const grace = time.Minute

// run runs the CLI and shows what it prints. An end of ctx interrupts it as Ctrl-C would.
func (e *engine) run(ctx context.Context, args ...string) error {
	command := e.command(ctx, args...)
	command.Stdin, command.Stdout, command.Stderr = e.stdin, e.stdout, e.stderr

	var exited *exec.ExitError

	switch err := command.Run(); {
	case errors.As(err, &exited):
		return ErrEngine
	case err != nil:
		return fmt.Errorf("running pulumi %s: %w", args[0], err)
	}

	return nil
}

// quietly runs the CLI on an input and returns what it prints, which it shows only where it fails.
func (e *engine) quietly(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	var told strings.Builder

	command := e.command(ctx, args...)
	command.Stdin, command.Stderr = bytes.NewReader(input), &told

	printed, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("running pulumi %s: %w\n%s%s", strings.Join(args, " "), err, printed, told.String())
	}

	return printed, nil
}

func (e *engine) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, e.cli, args...)
	command.Dir = e.folder
	command.Env = e.environment
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGINT) }
	command.WaitDelay = grace

	return command
}

// engineEnvironment is what the CLI, the program and its providers get to know. Whatever the user's shell
// says of real accounts and other backends is left out: nothing here can reach them.
func engineEnvironment(folders Folders, stack, providers string, ambient []string) []string {
	environment := slices.DeleteFunc(slices.Clone(ambient), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") || strings.HasPrefix(variable, "PULUMI")
	})

	return append(environment,
		"PATH="+folders.Bin+string(filepath.ListSeparator)+pathOf(ambient),
		"GOPROXY=off", // everything is built by now: whatever asks the network is a mistake
		"PULUMI_HOME="+folders.home(),
		"PULUMI_BACKEND_URL=file://"+filepath.ToSlash(folders.state()),
		"PULUMI_CONFIG_PASSPHRASE=rehearsal",
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
		"PULUMI_DEBUG_PROVIDERS="+providers,
		"PULUMI_DEBUG_COMMANDS=true", // --event-log is among them
		"PULUMI_STACK="+stack,
	)
}

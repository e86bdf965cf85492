package launcher

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
)

// Exec becomes the Pulumi CLI within a rehearsal's shell. It works in the rehearsal's own project folder, which is
// brought up to date first: no command can change the checkout, except those that are there to change settings.
// Whatever the shell's variables say by now, it talks to the rehearsal. It returns only where it fails.
func Exec(ctx context.Context, options Options, args []string) error {
	providers := variable(options.Environment, ProvidersVariable)
	if providers == "" {
		return errors.New("this pulumi works in a rehearsal's shell only: make shell")
	}

	described, err := readProject(options.Folders.Project)
	if err != nil {
		return err
	}

	if stack := stackOption(args); slices.Contains(described.stacks, stack) {
		options.Stack = stack
	}

	s, err := newSession(options, described)
	if err != nil {
		return err
	}

	s.engine = newEngine(options, engineEnvironment(options.Folders, options.Stack, providers,
		variable(options.Environment, ProxyVariable), options.Environment))
	if err := errors.Join(s.copyProject(), s.makeStack(ctx)); err != nil {
		return err
	}

	folder := s.engine.folder

	if changesSettings(args) {
		if slices.Contains(args, "--secret") {
			return errors.New("the settings hold no secret, only names of Secrets Manager secrets")
		}

		folder = options.Folders.Project
	}

	if err := os.Chdir(folder); err != nil {
		return fmt.Errorf("entering %s: %w", folder, err)
	}

	return fmt.Errorf("running %s: %w", s.engine.cli,
		syscall.Exec(s.engine.cli, append([]string{s.engine.cli}, args...), s.engine.environment))
}

// stackOption returns the stack that the command line names.
func stackOption(args []string) string {
	for i, arg := range args {
		name, value, joined := strings.Cut(arg, "=")

		switch {
		case name != "-s" && name != "--stack":
		case joined:
			return value
		case i+1 < len(args):
			return args[i+1]
		}
	}

	return ""
}

// changesSettings reports whether the command line is one that changes a stack's settings: whoever types it in a
// checkout wants the checkout's file changed.
func changesSettings(args []string) bool {
	at := slices.Index(args, "config")
	if at < 0 {
		return false
	}

	return slices.ContainsFunc(args[at:], func(arg string) bool {
		return slices.Contains([]string{"set", "set-all", "rm", "rm-all"}, arg)
	})
}

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

// Exec replaces this process by the Pulumi CLI, within a rehearsal's shell. It updates the rehearsal's project folder
// and runs there, so that only commands that change settings can change the checkout. It uses the rehearsal even if the
// user has changed variables in the shell. It returns only if it fails.
func Exec(ctx context.Context, options Options, args []string) error {
	providers := variable(options.Environment, ProvidersVariable)
	if providers == "" {
		return errors.New("this pulumi command works only in the rehearsal's shell: run `make shell`")
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
			return errors.New("settings must not contain secrets: store the value in Secrets Manager and set its name")
		}

		folder = options.Folders.Project
	}

	if err := os.Chdir(folder); err != nil {
		return fmt.Errorf("entering %s: %w", folder, err)
	}

	return fmt.Errorf("running %s: %w", s.engine.cli,
		syscall.Exec(s.engine.cli, append([]string{s.engine.cli}, args...), s.engine.environment))
}

// stackOption returns the value of the option --stack or -s.
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

// changesSettings reports whether a command changes a stack's settings. It then has to change the file in the checkout.
func changesSettings(args []string) bool {
	at := slices.Index(args, "config")
	if at < 0 {
		return false
	}

	return slices.ContainsFunc(args[at:], func(arg string) bool {
		return slices.Contains([]string{"set", "set-all", "rm", "rm-all"}, arg)
	})
}

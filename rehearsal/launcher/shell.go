package launcher

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/msur/platform/rehearsal/language"
)

// What tells the `pulumi` of a rehearsal's shell where the project is and where the rehearsal keeps everything.
const (
	ProjectVariable = "REHEARSAL_PROJECT"
	FolderVariable  = "REHEARSAL_FOLDER"
)

// Shell gives the user a shell in which `pulumi` works against the simulated providers, on copies of the
// stack files. It lasts until the user leaves it.
func (s *Session) Shell(ctx context.Context, shell string) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	wrapper, err := s.putWrapper()
	if err != nil {
		return err
	}

	s.sayf("In this shell, pulumi talks to the rehearsal: pulumi up -s %s, pulumi preview --diff, pulumi stack output.\n"+
		"Leave it with exit.", s.options.Stack)

	command := exec.CommandContext(ctx, shell)
	command.Dir = s.options.Folders.Project
	command.Env = slices.Concat(s.engine.environment, []string{
		ProjectVariable + "=" + s.options.Folders.Project,
		FolderVariable + "=" + s.options.Folders.Base,
		language.BuiltVariable + "=", // the program may change while the shell is open
		"PATH=" + wrapper + string(filepath.ListSeparator) + pathOf(s.engine.environment),
	})
	command.Stdin, command.Stdout, command.Stderr = s.options.Stdin, s.options.Stdout, s.options.Stderr

	err = command.Run()

	var exited *exec.ExitError
	if errors.As(err, &exited) && isTerminal(s.options.Stdin) {
		return nil // how a person leaves a shell is no error
	}

	if err != nil {
		return fmt.Errorf("running %s: %w", shell, err)
	}

	return nil
}

// isTerminal reports whether a person types there.
func isTerminal(input io.Reader) bool {
	file, is := input.(*os.File)
	if !is {
		return false
	}

	about, err := file.Stat()

	return err == nil && about.Mode()&os.ModeCharDevice != 0
}

// pathOf returns the PATH of an environment; the last one counts.
func pathOf(environment []string) string {
	path := ""

	for _, variable := range environment {
		if value, is := strings.CutPrefix(variable, "PATH="); is {
			path = value
		}
	}

	return path
}

// putWrapper puts a command named pulumi into a folder of its own, and returns the folder. It goes through
// Exec, below.
func (s *Session) putWrapper() (string, error) {
	folder := filepath.Join(s.options.Folders.Base, "shell")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("making the shell's pulumi: %w", err)
	}

	script := fmt.Sprintf("#!/bin/sh\nexec '%s' pulumi \"$@\"\n", filepath.Join(s.options.Folders.Bin, "rehearsal"))

	//nolint:gosec // a command must be executable
	if err := os.WriteFile(filepath.Join(folder, "pulumi"), []byte(script), 0o700); err != nil {
		return "", fmt.Errorf("making the shell's pulumi: %w", err)
	}

	return folder, nil
}

// Exec becomes the Pulumi CLI within a rehearsal's shell: it works on the copy of the stack's file, which is
// brought up to date first. It returns only where it fails.
func Exec(ctx context.Context, options Options, args []string) error {
	if stack := stackFlag(args); stack != "" {
		options.Stack = stack
	}

	if err := refuse(args); err != nil {
		return err
	}

	s, err := newSession(options)
	if err != nil {
		return err
	}

	s.engine = newEngine(options, options.Environment)
	if err := s.copyStack(); err != nil {
		return err
	}

	if err := s.makeStack(ctx); err != nil {
		return err
	}

	line := append([]string{s.engine.cli}, args...)
	if takesConfigFile(args) {
		line = append(line, "--config-file", s.configFile())
	}

	return fmt.Errorf("running %s: %w", s.engine.cli, syscall.Exec(s.engine.cli, line, options.Environment))
}

// stackFlag returns the stack that the command line names.
func stackFlag(args []string) string {
	_, stack := splitStack(args)

	return stack
}

// splitStack takes the flag that names a stack out of a command line.
func splitStack(args []string) ([]string, string) {
	var (
		rest  []string
		stack string
	)

	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")

		switch {
		case name != "-s" && name != "--stack":
			rest = append(rest, args[i])
		case joined:
			stack = value
		case i+1 < len(args):
			i++
			stack = args[i]
		}
	}

	return rest, stack
}

// takesConfigFile reports whether a command of the CLI works on the copy of the stack's file. Commands that
// change settings change the checkout's own, which is what whoever types them wants.
func takesConfigFile(args []string) bool {
	commands := []string{"up", "update", "preview", "pre", "refresh", "destroy", "down", "import", "watch"}
	first := words(args)

	return len(first) > 0 && slices.Contains(commands, first[0])
}

// words returns what of a command line is neither a flag nor the stack's name.
func words(args []string) []string {
	rest, _ := splitStack(args)

	return slices.DeleteFunc(rest, func(arg string) bool { return strings.HasPrefix(arg, "-") })
}

// refuse stops what would put the rehearsal's own salt into the checkout's stack files, or take them away
// with their stacks.
func refuse(args []string) error {
	const long = 2 // words of a command and its subcommand

	first := words(args)
	line := strings.Join(first[:min(long, len(first))], " ")

	switch line {
	case "stack init", "stack rm", "stack rename", "stack change-secrets-provider", "config refresh":
		return fmt.Errorf("pulumi %s would change files of the checkout, which the rehearsal only reads: "+
			"`make destroy` deletes what a stack holds, `make clean` forgets all stacks", line)
	}

	if slices.Contains(args, "--secret") {
		return fmt.Errorf("pulumi %s --secret: the settings hold no secret, only names of Secrets Manager secrets", line)
	}

	return nil
}

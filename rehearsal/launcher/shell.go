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
)

// Shell gives the user a shell in which `pulumi` works against the simulated providers. It lasts until the user
// leaves it.
func (s *Session) Shell(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	folder, err := s.putWrapper()
	if err != nil {
		return err
	}

	s.sayf("In this shell, pulumi talks to the rehearsal: pulumi up -s %s, pulumi preview --diff, pulumi stack output.\n"+
		"Leave it with exit.", s.options.Stack)

	command := exec.CommandContext(ctx, "bash", "--rcfile", filepath.Join(folder, "bashrc"))
	command.Dir = s.options.Folders.Project
	command.Env = slices.Concat(s.engine.environment, []string{
		ProjectVariable + "=" + s.options.Folders.Project,
		FolderVariable + "=" + s.options.Folders.Base,
		ProvidersVariable + "=" + s.simulation.DebugProviders(),
		ProxyVariable + "=" + s.simulation.Proxy(),
		"PULUMI=" + s.options.CLI,
		"PATH=" + folder + string(filepath.ListSeparator) + variable(s.engine.environment, "PATH"),
	})
	command.Stdin, command.Stdout, command.Stderr = s.options.Stdin, s.options.Stdout, s.options.Stderr

	err = command.Run()

	var exited *exec.ExitError
	if errors.As(err, &exited) && isTerminal(s.options.Stdin) {
		return nil // how a person leaves a shell is no error
	}

	if err != nil {
		return fmt.Errorf("in the rehearsal's shell: %w", err)
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

// putWrapper puts a command named pulumi into a folder of its own, and returns the folder. The command goes through
// Exec. A person's own bashrc is read, but has not the last word on which pulumi is found.
func (s *Session) putWrapper() (string, error) {
	folder := filepath.Join(s.options.Folders.Base, "shell")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("making the shell's pulumi: %w", err)
	}

	rehearsal := quoted(filepath.Join(s.options.Folders.Bin, "rehearsal"))
	files := map[string]string{
		"pulumi": "#!/bin/sh\nexec " + rehearsal + " pulumi \"$@\"\n",
		"bashrc": "[ -f ~/.bashrc ] && . ~/.bashrc\nPATH=" + quoted(folder) + ":$PATH\nPS1=\"(rehearsal) $PS1\"\n",
	}

	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o700); err != nil {
			return "", fmt.Errorf("making the shell's pulumi: %w", err)
		}
	}

	return folder, nil
}

// quoted writes a path as a word of a shell.
func quoted(path string) string { return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'" }

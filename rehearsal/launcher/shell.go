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

// Shell starts a shell in which `pulumi` uses the simulated providers, and waits until the user leaves it.
func (s *Session) Shell(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}

	folder, err := s.putWrapper()
	if err != nil {
		return err
	}

	s.printf("In this shell, pulumi uses the rehearsal: pulumi up -s %s, pulumi preview --diff, pulumi stack output.\n"+
		"Type exit to leave it.", s.options.Stack)

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
		return nil // the status of an interactive shell is that of its last command
	}

	if err != nil {
		return fmt.Errorf("running the rehearsal's shell: %w", err)
	}

	return nil
}

// isTerminal reports whether the input is a terminal.
func isTerminal(input io.Reader) bool {
	file, ok := input.(*os.File)
	if !ok {
		return false
	}

	info, err := file.Stat()

	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// putWrapper writes a command named pulumi, which calls Exec, and a bashrc that puts its folder first on the path after
// reading the user's bashrc. It returns the folder.
func (s *Session) putWrapper() (string, error) {
	folder := filepath.Join(s.options.Folders.Base, "shell")
	rehearsal := quoted(filepath.Join(s.options.Folders.Bin, "rehearsal"))
	files := map[string]string{
		"pulumi": "#!/bin/sh\nexec " + rehearsal + " pulumi \"$@\"\n",
		"bashrc": "[ -f ~/.bashrc ] && . ~/.bashrc\nPATH=" + quoted(folder) + ":$PATH\nPS1=\"(rehearsal) $PS1\"\n",
	}

	for name, text := range files {
		if err := putFile(filepath.Join(folder, name), text); err != nil {
			return "", fmt.Errorf("writing the shell's pulumi command: %w", err)
		}
	}

	return folder, nil
}

// quoted quotes a path for a shell.
func quoted(path string) string { return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'" }

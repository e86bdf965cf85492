package launcher

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Run opens a rehearsal, runs one command and closes the rehearsal.
func Run(ctx context.Context, options Options, name string) (err error) {
	commands := map[string]func(*Session) error{
		"up":      func(s *Session) error { return s.Up(ctx) },
		"preview": func(s *Session) error { return s.Preview(ctx) },
		"refresh": func(s *Session) error { return s.Refresh(ctx) },
		"destroy": func(s *Session) error { return s.Destroy(ctx) },
		"shell":   func(s *Session) error { return s.Shell(ctx) },
	}

	command, known := commands[name]
	if !known {
		return fmt.Errorf("unknown command %q: expected one of %s",
			name, strings.Join(slices.Sorted(maps.Keys(commands)), ", "))
	}

	session, err := Open(options)
	if err != nil {
		return err
	}

	defer func() {
		if closed := session.Close(); err == nil {
			err = closed
		}
	}()

	return command(session)
}

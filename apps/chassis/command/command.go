// Package command runs one of the commands of a service.
package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"
)

// What the process exits with.
const (
	Done    = 0
	Failed  = 1
	Misused = 2
)

// Command is one of what a service can do.
type Command struct {
	Name string
	// About is what it does, for people.
	About string
	// Run does it until it is done or the context ends.
	Run func(ctx context.Context, log *slog.Logger, environ []string) error
}

// Program is a service's executable.
type Program struct {
	Name     string
	Commands []Command
}

// Run runs the command that the arguments name, and returns what to exit with. Other arguments list the commands. An
// error is logged, as everything else is.
func (p Program) Run(ctx context.Context, args, environ []string, log *slog.Logger, errors io.Writer) int {
	for _, c := range p.Commands {
		if len(args) != 1 || args[0] != c.Name {
			continue
		}

		if err := c.Run(ctx, log.With("command", c.Name), environ); err != nil {
			log.ErrorContext(ctx, "failed", "command", c.Name, "error", err)

			return Failed
		}

		return Done
	}

	p.list(errors)

	return Misused
}

func (p Program) list(w io.Writer) {
	const gap = 3

	table := tabwriter.NewWriter(w, 0, 0, gap, ' ', 0)
	fmt.Fprintf(table, "usage: %s <command>\n\n", p.Name)

	for _, c := range p.Commands {
		fmt.Fprintf(table, "  %s\t%s\n", c.Name, c.About)
	}

	table.Flush() //nolint:errcheck // a terminal that fails has nobody to tell
}

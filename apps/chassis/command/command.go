// Package command runs the commands of a service.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/msur/platform/apps/chassis/logs"
)

// The exit codes of a service.
const (
	Done    = 0
	Failed  = 1
	Misused = 2
)

// Command is a command of a service, such as serve.
type Command struct {
	Name string
	// About describes the command in the list of commands.
	About string
	// Timeout ends a command that hangs, such as on a database that accepts a connection and never answers. Zero is none.
	Timeout time.Duration
	// Run runs the command until it is done or the context ends.
	Run func(ctx context.Context, log *slog.Logger, environ []string) error
}

func (c Command) run(ctx context.Context, log *slog.Logger, environ []string) error {
	if c.Timeout == 0 {
		return c.Run(ctx, log, environ)
	}

	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()

	err := c.Run(ctx, log, environ)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("giving up after %s: %w", c.Timeout, err)
	}

	return err
}

// Program is the executable of a service.
type Program struct {
	Name     string
	Commands []Command
	// Setup gives the log to a library that logs for the whole process. It may be nil.
	Setup func(*slog.Logger)
}

// Main runs the program in this process, until SIGINT or SIGTERM, and returns its exit code. A second signal ends the
// process at once.
func (p Program) Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	context.AfterFunc(ctx, stop)

	lines := logs.NewBatch(os.Stdout)
	defer lines.Flush()

	log := logs.New(lines)
	if p.Setup != nil {
		p.Setup(log)
	}

	return p.Run(ctx, os.Args[1:], os.Environ(), log, os.Stderr)
}

// Run runs the command that args name, and returns the exit code. It logs the error of the command. Any other args list
// the commands on stderr.
func (p Program) Run(ctx context.Context, args, environ []string, log *slog.Logger, stderr io.Writer) int {
	for _, c := range p.Commands {
		if len(args) != 1 || args[0] != c.Name {
			continue
		}

		if err := c.run(ctx, log.With("command", c.Name), environ); err != nil {
			log.ErrorContext(ctx, "failed", "command", c.Name, "error", err)

			return Failed
		}

		return Done
	}

	p.list(stderr)

	return Misused
}

func (p Program) list(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "usage: %s <command>\n\n", p.Name)

	for _, c := range p.Commands {
		fmt.Fprintf(table, "  %s\t%s\n", c.Name, c.About)
	}

	table.Flush() //nolint:errcheck // the error could only be printed to the same terminal
}

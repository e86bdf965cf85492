package command_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/logs"
)

var errBroken = errors.New("it is broken")

// run runs a program with two commands, and returns its exit code, its log and its errors.
func run(t *testing.T, args ...string) (int, string, string) {
	t.Helper()

	program := command.Program{Name: "things", Commands: []command.Command{
		{Name: "serve", About: "Serve things", Run: func(_ context.Context, log *slog.Logger, environ []string) error {
			log.Info("served", "environ", environ)

			return nil
		}},
		{Name: "break", About: "Break things", Run: func(context.Context, *slog.Logger, []string) error {
			return errBroken
		}},
	}}

	var logged, printed bytes.Buffer

	code := program.Run(t.Context(), args, []string{"A=1"}, logs.New(&logged), &printed)

	return code, logged.String(), printed.String()
}

func TestACommandGetsTheEnvironment(t *testing.T) {
	t.Parallel()

	code, log, terminal := run(t, "serve")

	assert.Equal(t, command.Done, code)
	assert.Contains(t, log, `"command":"serve","environ":["A=1"]`)
	assert.Empty(t, terminal)
}

func TestTheErrorOfACommandIsLogged(t *testing.T) {
	t.Parallel()

	code, log, _ := run(t, "break")

	assert.Equal(t, command.Failed, code)
	assert.Contains(t, log, `"error":"it is broken"`)
}

func TestWithoutACommandTheCommandsAreListed(t *testing.T) {
	t.Parallel()

	for _, args := range [][]string{{}, {"none"}, {"serve", "now"}} {
		code, _, terminal := run(t, args...)

		assert.Equal(t, command.Misused, code)
		assert.Equal(t, "usage: things <command>\n\n  serve   Serve things\n  break   Break things\n", terminal)
	}
}

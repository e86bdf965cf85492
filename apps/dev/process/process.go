// Package process runs programs that end when this process ends.
package process

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// Log writes lines, each after the name of its program.
type Log struct {
	mutex sync.Mutex
	to    io.Writer
	width int
}

// NewLog returns a log. The width is that of the longest name.
func NewLog(to io.Writer, width int) *Log { return &Log{to: to, width: width} }

// Printf writes a line of a program.
func (l *Log) Printf(name, format string, values ...any) {
	l.mutex.Lock()
	defer l.mutex.Unlock()

	fmt.Fprintf(l.to, "%-*s | %s\n", l.width, name, fmt.Sprintf(format, values...))
}

// Output is the output of a program. It logs each line, and calls Watch with it.
type Output struct {
	Log   *Log
	Name  string
	Watch func(line []byte)

	rest []byte
}

// Write logs the lines that are complete.
func (o *Output) Write(part []byte) (int, error) {
	o.rest = append(o.rest, part...)

	for {
		line, rest, complete := bytes.Cut(o.rest, []byte("\n"))
		if !complete {
			return len(part), nil
		}

		o.log(line)
		o.rest = rest
	}
}

// Close logs a last line that has no newline.
func (o *Output) Close() error {
	if len(o.rest) > 0 {
		o.log(o.rest)
	}

	return nil
}

func (o *Output) log(line []byte) {
	o.Log.Printf(o.Name, "%s", line)
	o.Watch(line)
}

// Run runs a program until it ends. When the context ends, Run asks the program to stop, and waits for it.
func Run(ctx context.Context, output io.WriteCloser, environ []string, path string, args ...string) error {
	defer output.Close()

	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("starting %s: %w", path, err)
	}

	leash := exec.Command(self, append([]string{Leash, path}, args...)...) //nolint:noctx // closing its input ends it
	leash.Env, leash.Stdout, leash.Stderr = environ, output, output

	input, err := leash.StdinPipe()
	if err != nil {
		return fmt.Errorf("starting %s: %w", path, err)
	}

	stop := context.AfterFunc(ctx, func() { input.Close() }) //nolint:errcheck // the program may have ended
	defer stop()

	return leash.Run()
}

// Leash is the argument that makes this program run another one: dev leash <program> <arguments>.
const Leash = "leash"

// patience is the time for a program to stop before it is killed.
const patience = 20 * time.Second

// Hold runs a program until it ends, or until the input ends, and returns the exit code. The input is a pipe from the
// parent process, so that the program ends with its parent, even if the parent is killed.
func Hold(input io.Reader, args []string) int {
	held := exec.Command(args[0], args[1:]...) //nolint:noctx // the input ends it
	held.Stdout, held.Stderr = os.Stdout, os.Stderr

	// Ctrl-C in a terminal reaches the program directly. The signals are caught, not ignored: the program would inherit
	// that they are ignored.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)

	if err := held.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)

		return 1
	}

	go func() {
		io.Copy(io.Discard, input)                               //nolint:errcheck // an error also ends the input
		held.Process.Signal(syscall.SIGTERM)                     //nolint:errcheck // it may have ended
		time.AfterFunc(patience, func() { held.Process.Kill() }) //nolint:errcheck // see above
	}()

	held.Wait() //nolint:errcheck // the exit code says more

	if code := held.ProcessState.ExitCode(); code >= 0 {
		return code
	}

	return 1 // a signal ended it
}

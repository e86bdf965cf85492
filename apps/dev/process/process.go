// Package process runs programs that end when this process ends.
package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
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

// Print writes a text without a name.
func (l *Log) Print(text string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()

	fmt.Fprintln(l.to, text)
}

// Copy writes each line of a reader, and calls watch with it.
func (l *Log) Copy(name string, from io.Reader, watch func(line []byte)) error {
	reader := bufio.NewReader(from)

	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			l.Printf(name, "%s", line[:len(line)-len(newline(line))])
			watch(line)
		}

		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading the output of %s: %w", name, err)
		}
	}
}

func newline(line []byte) []byte {
	if line[len(line)-1] == '\n' {
		return line[len(line)-1:]
	}

	return nil
}

// Program is a program to run.
type Program struct {
	Name string
	// Path is the executable. Environ has all its variables.
	Path    string
	Args    []string
	Environ []string
}

// Run runs a program until it ends. When the context ends, it asks the program to stop, and waits. Each line of output
// goes to the log, and to watch.
func (p Program) Run(ctx context.Context, log *Log, watch func(line []byte)) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("starting %s: %w", p.Name, err)
	}

	leash := exec.Command(self, append([]string{Leash, p.Path}, p.Args...)...) //nolint:noctx // closing its input ends it
	leash.Env = p.Environ

	reader, output := io.Pipe()
	leash.Stdout, leash.Stderr = output, output

	hand, err := leash.StdinPipe()
	if err != nil {
		return fmt.Errorf("starting %s: %w", p.Name, err)
	}

	if err := leash.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", p.Name, err)
	}

	letGo := context.AfterFunc(ctx, func() { hand.Close() }) //nolint:errcheck // it may have ended
	defer letGo()

	copied := make(chan error, 1)

	go func() { copied <- log.Copy(p.Name, reader, watch) }()

	err = errors.Join(leash.Wait(), output.Close())

	return errors.Join(err, <-copied)
}

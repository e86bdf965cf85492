// Package process runs programs that do not outlive this one.
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

// Log writes the lines of many, each after the name of whose it is.
type Log struct {
	mutex sync.Mutex
	to    io.Writer
	width int
}

// NewLog makes a log for names of at most so many characters.
func NewLog(to io.Writer, width int) *Log { return &Log{to: to, width: width} }

// Printf writes a line.
func (l *Log) Printf(name, format string, values ...any) {
	l.mutex.Lock()
	defer l.mutex.Unlock()

	fmt.Fprintf(l.to, "%-*s | %s\n", l.width, name, fmt.Sprintf(format, values...))
}

// Print writes a text that is nobody's.
func (l *Log) Print(text string) {
	l.mutex.Lock()
	defer l.mutex.Unlock()

	fmt.Fprintln(l.to, text)
}

// Copy writes each line that is read, until there are no more, and tells watch of it.
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
			return fmt.Errorf("reading what %s prints: %w", name, err)
		}
	}
}

func newline(line []byte) []byte {
	if line[len(line)-1] == '\n' {
		return line[len(line)-1:]
	}

	return nil
}

// Program is what is to be run.
type Program struct {
	Name string
	// Path is the executable, Args what it is given, Environ all its variables.
	Path    string
	Args    []string
	Environ []string
}

// Run runs a program until it ends, or the context does; then it is asked to stop, and waited for. Its lines go to the
// log, and to watch.
func (p Program) Run(ctx context.Context, log *Log, watch func(line []byte)) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("starting %s: %w", p.Name, err)
	}

	leash := exec.Command(self, append([]string{Leash, p.Path}, p.Args...)...) //nolint:noctx // ours
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

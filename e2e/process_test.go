package e2e_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/stretchr/testify/require"
)

// process is a running tool.
type process struct {
	e       *environment
	name    string
	command *exec.Cmd
	log     string
	ended   chan error
}

// run starts a tool that runs until the test ends.
func (e *environment) run(name, tool string, args ...string) *process {
	e.t.Helper()

	return e.runWith(name, tool, nil, args...)
}

// runWith is run with more variables.
func (e *environment) runWith(name, tool string, variables []string, args ...string) *process {
	e.t.Helper()
	require.NoError(e.t, os.MkdirAll(e.cluster, 0o700))

	p := &process{e: e, name: name, log: filepath.Join(e.cluster, name+".log"), ended: make(chan error, 1)}

	log, err := os.Create(p.log)
	require.NoError(e.t, err)

	p.command = exec.Command(filepath.Join(e.bin, tool), args...)

	p.command.Env = append(os.Environ(), variables...)
	p.command.Stdout, p.command.Stderr = log, log
	p.command.SysProcAttr = endsWithTests()

	require.NoError(e.t, p.command.Start())

	go func() {
		p.ended <- p.command.Wait()

		_ = log.Close() // the process has ended
	}()

	e.owner.Cleanup(p.stop)

	return p
}

// awaitReady waits until the tool prints "ready".
func (p *process) awaitReady() {
	p.e.t.Helper()

	p.e.await(p.name+" is ready", time.Minute, func() (bool, string) {
		text := p.text()

		return strings.HasPrefix(text, "ready\n") || strings.Contains(text, "\nready\n"), text[max(0, len(text)-1500):]
	})
}

// stop ends the tool, and waits for its end.
func (p *process) stop() {
	const grace = 20 * time.Second

	_ = p.command.Process.Signal(syscall.SIGTERM) // it may have ended

	select {
	case err := <-p.ended:
		p.ended <- err
	case <-time.After(grace):
		p.e.t.Errorf("%s did not end within %s: see %s", p.name, grace, p.log)
		p.kill()
	}
}

// kill ends the tool immediately, as the loss of its machine would.
func (p *process) kill() {
	_ = p.command.Process.Kill() // it may have ended
	p.ended <- <-p.ended
}

// text returns the log of the tool.
func (p *process) text() string {
	text, err := os.ReadFile(p.log)
	require.NoError(p.e.t, err)

	return string(text)
}

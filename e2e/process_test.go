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

// process is one of the tools, running.
type process struct {
	e       *environment
	name    string
	command *exec.Cmd
	log     string
	ended   chan error
}

// run starts a tool, which ends when the test does.
func (e *environment) run(name, tool string, args ...string) *process {
	e.t.Helper()
	require.NoError(e.t, os.MkdirAll(e.cluster, 0o700))

	p := &process{e: e, name: name, log: filepath.Join(e.cluster, name+".log"), ended: make(chan error, 1)}

	log, err := os.Create(p.log)
	require.NoError(e.t, err)

	p.command = exec.Command(filepath.Join(e.bin, tool), args...)
	p.command.Stdout, p.command.Stderr = log, log

	p.command.SysProcAttr = endsWithUs()

	require.NoError(e.t, p.command.Start())

	go func() {
		p.ended <- p.command.Wait()

		_ = log.Close() // nobody writes to it any more
	}()

	e.owner.Cleanup(p.stop)

	return p
}

// awaitReady waits until the tool says that it is.
func (p *process) awaitReady() {
	p.e.t.Helper()

	p.e.await(p.name+" is ready", time.Minute, func() (bool, string) {
		text, err := os.ReadFile(p.log)
		require.NoError(p.e.t, err)

		return strings.HasPrefix(string(text), "ready\n") || strings.Contains(string(text), "\nready\n"), tail(string(text))
	})
}

// stop ends the tool, and waits until it has.
func (p *process) stop() {
	const grace = 20 * time.Second

	_ = p.command.Process.Signal(syscall.SIGTERM) // it may have ended

	select {
	case err := <-p.ended:
		p.ended <- err
	case <-time.After(grace):
		p.e.t.Errorf("%s has not ended in %s; its log is %s", p.name, grace, p.log)
		p.kill()
	}
}

// kill ends the tool at once, as a machine that goes away would.
func (p *process) kill() {
	_ = p.command.Process.Kill() // it may have ended
	p.ended <- <-p.ended
}

// tail is the end of a text.
func tail(text string) string {
	const most = 1500

	return text[max(0, len(text)-most):]
}

// text is what the tool has said.
func (p *process) text() string {
	text, err := os.ReadFile(p.log)
	require.NoError(p.e.t, err)

	return string(text)
}

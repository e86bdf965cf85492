// Package launcher rehearses a project: it runs the real engine on the project's program, with simulated
// providers in place of a cloud, and reports what came of it.
package launcher

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation"
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/faults"
)

// DefaultStack is rehearsed where no other is named.
const DefaultStack = "sandbox"

// Options say what to rehearse.
type Options struct {
	Folders Folders
	// Stack is the stack's name; it has a file in the project's folder.
	Stack string
	// StackFile replaces the project's own file of the stack where it is set.
	StackFile string
	// Confirm names the stack whose protection a destroy gives up.
	Confirm string
	// Make is what one types before a command, such as "make bootstrap DO="; empty means make with the command as target.
	Make string
	// Faults is the text of FAULTS.
	Faults string
	// Built is the program's binary where that is known to be up to date; empty means to ask Go.
	Built string
	// CLI is the path of the Pulumi CLI; empty means the one built here.
	CLI string
	// ControlPlane is the folder of a real Kubernetes control plane, which has what is in the stack's cluster; empty means
	// that the simulated account has that.
	ControlPlane string
	// Interrupted reports whether the user wants the rehearsal to end; nil means never.
	Interrupted func() bool
	// Environment is the user's.
	Environment    []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Session is a rehearsal that is under way: it holds the lock, and its simulated providers listen.
type Session struct {
	options    Options
	project    project
	lock       *os.File
	account    *account.Account
	simulation *simulation.Simulation
	// server is the real API server, or nil.
	server *apiserver.Server
	engine *engine
}

// Open begins a rehearsal. It fails where the stack or a fault is unknown, or another rehearsal runs.
func Open(options Options) (*Session, error) {
	described, err := readProject(options.Folders.Project)
	if err != nil {
		return nil, err
	}

	s, err := newSession(options, described)
	if err != nil {
		return nil, err
	}

	if err := options.Folders.make(); err != nil {
		return nil, err
	}

	s.lock, err = lock(options.Folders.lock(), s.sayf)
	if err != nil {
		return nil, err
	}

	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Close())
	}

	return s, nil
}

// newSession refuses a stack without a file.
func newSession(options Options, described project) (*Session, error) {
	if known := described.stacks; !slices.Contains(known, options.Stack) {
		return nil, fmt.Errorf("STACK: got %q, want one of %s", options.Stack, strings.Join(known, ", "))
	}

	if confirmed := options.Confirm; confirmed != "" && confirmed != options.Stack {
		return nil, fmt.Errorf("CONFIRM: got %q, want %s, which is to be destroyed", confirmed, options.Stack)
	}

	return &Session{options: options, project: described}, nil
}

// Close ends the rehearsal. It may be called on a session that did not fully begin.
func (s *Session) Close() error {
	var stopped error
	if s.simulation != nil {
		stopped = s.simulation.Close()
	}

	return errors.Join(stopped, unlock(s.lock))
}

// Account is the simulated account.
func (s *Session) Account() *account.Account { return s.account }

// start opens the account and lets the simulated providers listen.
func (s *Session) start() error {
	types, err := simulation.Types()
	if err != nil {
		return fmt.Errorf("listing what can go wrong: %w", err)
	}

	plan, err := faults.Parse(s.options.Faults, types...)
	if err != nil {
		return fmt.Errorf("FAULTS: %w", err)
	}

	folders := s.options.Folders

	s.account, err = account.Open(folders.account())
	if err != nil {
		return fmt.Errorf("opening the simulated account: %w", err)
	}

	if folder := s.options.ControlPlane; folder != "" {
		s.server, err = apiserver.Open(folder)
		if err != nil {
			return fmt.Errorf("%s: got %q, want the folder of a control plane, which make cluster builds and "+
				"`%s control-plane %s` runs: %w", ControlPlaneVariable, folder, filepath.Join(folders.Bin, "cluster"), folder, err)
		}
	}

	s.simulation, err = simulation.Start(s.account, plan, s.server)
	if err != nil {
		return fmt.Errorf("starting the simulated providers: %w", err)
	}

	if err := errors.Join(putPlugins(folders), putTools(folders, s.server)); err != nil {
		return err
	}

	s.engine = newEngine(s.options, engineEnvironment(
		folders, s.options.Stack, s.simulation.DebugProviders(), s.simulation.Proxy(), s.options.Environment))
	s.engine.lock = s.lock

	return nil
}

// makeStack makes the stack where the backend does not have it.
func (s *Session) makeStack(ctx context.Context) error {
	if _, err := os.Stat(s.checkpointFile()); err == nil {
		return nil
	}

	if _, err := s.engine.quietly(ctx, nil, "stack", "init", s.options.Stack, "--non-interactive"); err != nil {
		return fmt.Errorf("making the stack %s: %w", s.options.Stack, err)
	}

	return nil
}

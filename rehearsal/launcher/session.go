// Package launcher rehearses a project: it runs the real engine and the project's program with simulated providers in
// place of a cloud, and reports the result.
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
	"sync"

	"github.com/msur/platform/rehearsal/cost"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/simulation"
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/kubernetes"
	"github.com/msur/platform/rehearsal/state"
)

// DefaultStack is the stack that is rehearsed unless another is named.
const DefaultStack = "sandbox"

// Options configure a rehearsal.
type Options struct {
	Folders Folders
	// Stack is the name of a stack that has a file in the project's folder.
	Stack string
	// StackFile replaces the stack's file in the project's folder, if set.
	StackFile string
	// Confirm is the name of the stack whose protection a destroy removes.
	Confirm string
	// Account and Role replace the account and the principal that the stack's settings expect, if set.
	Account, Role string
	// Make is what the user types before a command, such as "make bootstrap DO="; empty means that the command is a target
	// of make.
	Make string
	// Faults is the value of FAULTS.
	Faults string
	// Base is the file of the report to compare with, if set; by default, the report compares with the state before the
	// run.
	Base string
	// Assume is the value of ASSUME, which replaces assumptions about the cost.
	Assume string
	// Built is the program's binary if it is known to be up to date; empty means to run `go build`.
	Built string
	// CLI is the path of the Pulumi CLI; empty means the one in Folders.Bin.
	CLI string
	// ControlPlane is the folder of a real Kubernetes control plane for the stack's cluster; empty means that the cluster
	// is simulated.
	ControlPlane string
	// KubernetesProvider is the value of KUBERNETES_PROVIDER: "real", or empty for the simulated provider.
	KubernetesProvider string
	// Interrupted reports whether the user interrupted the rehearsal; nil means never.
	Interrupted func() bool
	// Environment is the user's environment.
	Environment    []string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Session is a running rehearsal: it holds the lock, and its simulated providers listen.
type Session struct {
	options Options
	project project
	lock    *os.File
	// identity is the principal whose credentials the rehearsal has, and account is its account.
	identity aws.Identity
	account  *account.Account
	// before is the state before the run.
	before *state.State
	// base is the report to compare with, or nil, and assumptions are those about the cost.
	base        *report.Report
	assumptions map[string]cost.Assumption
	simulation  *simulation.Simulation
	// server is the real API server, or nil.
	server *apiserver.Server
	engine *engine
	// nodes are the nodes that join the real API server.
	nodes sync.WaitGroup
	// leave ends them.
	leave context.CancelFunc
}

// Open starts a rehearsal. It fails if the stack or a fault is unknown, or if another rehearsal is running.
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

	s.lock, err = lock(options.Folders.lock(), s.printf)
	if err != nil {
		return nil, err
	}

	if err := s.start(); err != nil {
		return nil, errors.Join(err, s.Close())
	}

	return s, nil
}

// newSession fails if the stack has no file.
func newSession(options Options, described project) (*Session, error) {
	if known := described.stacks; !slices.Contains(known, options.Stack) {
		return nil, fmt.Errorf("STACK is %q, which has no stack file: expected one of %s", options.Stack,
			strings.Join(known, ", "))
	}

	if confirmed := options.Confirm; confirmed != "" && confirmed != options.Stack {
		return nil, fmt.Errorf("CONFIRM is %q, but the stack to destroy is %s: expected CONFIRM=%s", confirmed,
			options.Stack, options.Stack)
	}

	assumptions, err := cost.Assumptions(options.Assume)
	if err != nil {
		return nil, err
	}

	var base *report.Report
	if options.Base != "" {
		if base, err = report.Read(options.Base); err != nil {
			return nil, fmt.Errorf("BASE: %w: expected the report.json of another run", err)
		}
	}

	return &Session{options: options, project: described, base: base, assumptions: assumptions}, nil
}

// Close ends the rehearsal. A session whose start failed may be closed too.
func (s *Session) Close() error {
	if s.leave != nil {
		s.leave()
	}

	s.nodes.Wait()

	var stopped error
	if s.simulation != nil {
		stopped = s.simulation.Close()
	}

	return errors.Join(stopped, unlock(s.lock))
}

// Account returns the simulated account.
func (s *Session) Account() *account.Account { return s.account }

// start opens the account and starts the simulated providers.
func (s *Session) start() error {
	folders := s.options.Folders

	settings, err := s.settings()
	if err != nil {
		return err
	}

	s.identity, err = identify(s.options, settings)
	if err != nil {
		return err
	}

	s.account, err = account.Open(folders.account(s.identity.Account))
	if err != nil {
		return fmt.Errorf("opening the simulated account: %w", err)
	}

	if err := s.provide(settings); err != nil {
		return err
	}

	clusters, err := s.clusters()
	if err != nil {
		return err
	}

	s.simulation, err = simulation.Start(s.account, s.options.Faults, clusters, s.identity,
		origins(settings, stackFile(s.options.Stack)))
	if err != nil {
		return err
	}

	if err := errors.Join(putPlugin(folders), putTools(folders, s.server)); err != nil {
		return err
	}

	environment := engineEnvironment(
		folders, s.options.Stack, s.simulation.DebugProviders(), s.simulation.Proxy(), s.options.Environment)
	if s.server != nil {
		environment = append(environment, "SSL_CERT_FILE="+s.server.Certificates())
	}

	s.engine = newEngine(s.options, environment)
	s.engine.lock = s.lock

	return nil
}

// clusters returns the clusters of the account. It opens the control plane, and installs the real Kubernetes provider,
// if they are chosen.
func (s *Session) clusters() (simulation.Clusters, error) {
	var clusters simulation.Clusters

	if folder, bin := s.options.ControlPlane, s.options.Folders.Bin; folder != "" {
		var err error

		s.server, err = apiserver.Open(folder, bin)
		if err != nil {
			return clusters, fmt.Errorf("%s is %q, where no control plane runs: build one with `make cluster` and run it "+
				"with `%s control-plane %s`: %w", ControlPlaneVariable, folder, filepath.Join(bin, "cluster"), folder, err)
		}

		clusters.Server = s.server
	}

	switch chosen := s.options.KubernetesProvider; {
	case chosen == "":
		return clusters, nil
	case chosen != "real":
		return clusters, fmt.Errorf("%s is %q: expected real, or nothing for the simulated provider", ProviderVariable,
			chosen)
	case s.server == nil:
		return clusters, fmt.Errorf("%s=real requires a real API server: set %s", ProviderVariable, ControlPlaneVariable)
	}

	clusters.RealProvider = true

	return clusters, putRealProvider(s.options.Folders)
}

// join makes the account's nodes join the real API server until the session is closed.
func (s *Session) join(ctx context.Context) {
	if s.server == nil {
		return
	}

	ctx, s.leave = context.WithCancel(ctx)

	s.nodes.Go(func() {
		kubernetes.Join(ctx, s.account, s.server, func(err error) { s.printf("a node cannot join the cluster: %s", err) })
	})
}

// makeStack creates the stack in the backend unless it exists.
func (s *Session) makeStack(ctx context.Context) error {
	if _, err := os.Stat(s.checkpointFile()); err == nil {
		return nil
	}

	if _, err := s.engine.quietly(ctx, nil, "stack", "init", s.options.Stack, "--non-interactive"); err != nil {
		return fmt.Errorf("creating the stack %s: %w", s.options.Stack, err)
	}

	return nil
}

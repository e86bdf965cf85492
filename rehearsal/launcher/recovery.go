package launcher

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/state"
)

// checkpointFile is where the engine keeps the stack.
func (s *Session) checkpointFile() string {
	project, err := readYAML(filepath.Join(s.options.Folders.Project, "Pulumi.yaml"))
	if err != nil {
		return ""
	}

	return filepath.Join(s.options.Folders.state(), ".pulumi", "stacks",
		fmt.Sprint(project["name"]), s.options.Stack+".json")
}

// State is what the engine knows of the stack; empty where the stack was never made.
func (s *Session) State() (*state.State, error) {
	text, err := os.ReadFile(s.checkpointFile())
	if errors.Is(err, fs.ErrNotExist) {
		return &state.State{Resources: nil, PendingCreates: nil, Pending: 0}, nil
	}

	if err != nil {
		return nil, fmt.Errorf("reading the state of %s: %w", s.options.Stack, err)
	}

	known, err := state.ParseCheckpoint(text)
	if err != nil {
		return nil, fmt.Errorf("reading the state of %s: %w", s.options.Stack, err)
	}

	return known, nil
}

// recover mends what a killed run left: the engine's lock, and operations of which the engine does not know
// whether they took effect. The account does know.
func (s *Session) recover(ctx context.Context) error {
	known, err := s.State()
	if err != nil {
		return err
	}

	locks, err := filepath.Glob(filepath.Join(
		s.options.Folders.state(), ".pulumi", "locks", "*", "*", s.options.Stack, "*.json"))
	if err != nil {
		return fmt.Errorf("looking for the engine's locks: %w", err)
	}

	if len(locks) == 0 && known.Pending == 0 {
		return nil
	}

	s.sayf("The last run of %s was killed, with %d operations under way: comparing with what the account holds.",
		s.options.Stack, known.Pending)

	if _, err := s.engine.quietly(ctx, nil, "cancel", "--yes", s.options.Stack); err != nil {
		return fmt.Errorf("taking the killed run's lock: %w", err)
	}

	if err := s.settle(ctx, known); err != nil {
		return err
	}

	if err := s.engine.run(ctx, s.operation("refresh", "--yes", "--skip-preview")...); err != nil {
		return fmt.Errorf("comparing the state with the account: %w", err)
	}

	return nil
}

// settle takes into the state what the account holds of the pending creates.
func (s *Session) settle(ctx context.Context, known *state.State) error {
	exported, err := s.engine.quietly(ctx, nil, "stack", "export", "--stack", s.options.Stack)
	if err != nil {
		return fmt.Errorf("reading what was pending: %w", err)
	}

	settled, err := state.Settle(exported, s.madeUnseen(known))
	if err != nil {
		return fmt.Errorf("settling what was pending: %w", err)
	}

	_, err = s.engine.quietly(ctx, settled, "stack", "import", "--stack", s.options.Stack)
	if err != nil {
		return fmt.Errorf("settling what was pending: %w", err)
	}

	return nil
}

// madeUnseen returns the ids of what the account holds of the pending creates, by URN.
func (s *Session) madeUnseen(known *state.State) map[string]string {
	made := make(map[string]string)

	for _, urn := range known.PendingCreates {
		for _, held := range s.account.FindByURN(string(urn)) {
			if !holds(known, held) {
				made[string(urn)] = held.ID
			}
		}
	}

	return made
}

// Orphans returns what this stack's runs have made in the account that its state does not hold.
func (s *Session) Orphans() ([]account.Resource, error) {
	known, err := s.State()
	if err != nil {
		return nil, err
	}

	return slices.DeleteFunc(s.account.Resources(), func(held account.Resource) bool {
		return stackOf(held) != s.options.Stack || holds(known, held)
	}), nil
}

// holds reports whether the state has the account's resource.
func holds(known *state.State, held account.Resource) bool {
	return slices.ContainsFunc(known.Resources, func(r state.Resource) bool {
		return string(r.Type) == held.Type && string(r.ID) == held.ID
	})
}

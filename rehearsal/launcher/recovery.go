package launcher

import (
	"context"
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/state"
)

// recover repairs the state after a killed run: it removes the engine's lock, settles pending operations, and compares
// the state with the account.
func (s *Session) recover(ctx context.Context, restored bool) error {
	killed, err := s.killed()
	if err != nil || !restored && !killed {
		return err
	}

	s.printf("The last run of %s was killed: comparing the state with the account.", s.options.Stack)

	if _, err := s.engine.quietly(ctx, nil, "cancel", "--yes", s.options.Stack); err != nil {
		return fmt.Errorf("removing the lock of the killed run: %w", err)
	}

	if err := s.settle(ctx); err != nil {
		return err
	}

	if err := s.operate(ctx, "refresh", "--yes", "--skip-preview"); err != nil {
		return fmt.Errorf("recovering the state of %s: %w", s.options.Stack, err)
	}

	return s.sweep()
}

// sweep deletes the stack's orphans from the account: an engine whose providers were killed recorded their creation as
// failed. In a real account, a user would delete them in the console. Resources that the account created itself, such
// as a VPC's default security group, remain and no longer belong to the stack.
func (s *Session) sweep() error {
	orphans, err := s.Orphans()
	if err != nil || len(orphans) == 0 {
		return err
	}

	err = s.account.Change(func(transaction *account.Transaction) error {
		for _, orphan := range orphans {
			if orphan.Owner != "" {
				orphan.URN = ""
				transaction.Put(orphan)

				continue
			}

			transaction.Delete(orphan.Key)

			for _, part := range transaction.Find(func(r account.Resource) bool { return r.PartOf(orphan) }) {
				transaction.Delete(part.Key)
			}
		}

		return nil
	})
	if err != nil {
		return fmt.Errorf("deleting resources that are missing in the state of %s: %w", s.options.Stack, err)
	}

	s.printf("Deleted these resources, which the state did not contain:%s", list(orphans))

	return nil
}

// allDatabases is the log group of enhanced monitoring. All databases in a region share it, so it belongs to no stack.
const allDatabases = "RDSOSMetrics"

// reportLeftovers lists the log groups that AWS services created again, with their last lines, after the destroy.
func (s *Session) reportLeftovers() {
	left := slices.DeleteFunc(s.account.Leftovers(), func(r account.Resource) bool { return r.ID == allDatabases })
	if len(left) > 0 {
		s.printf("\nAWS services have created these log groups again. The next `make up` imports them. In a real account, "+
			"delete them with `tools/sweep.sh %s` if you do not deploy the environment again:%s", s.options.Stack, list(left))
	}
}

// settle imports those resources into the state whose pending creation took effect.
func (s *Session) settle(ctx context.Context) error {
	known, err := s.State()
	if err != nil || known.Pending == 0 {
		return err
	}

	exported, err := s.engine.quietly(ctx, nil, "stack", "export", "--stack", s.options.Stack)
	if err != nil {
		return fmt.Errorf("exporting the pending operations: %w", err)
	}

	settled, err := state.Settle(exported, s.created(known))
	if err != nil {
		return fmt.Errorf("settling the pending operations: %w", err)
	}

	_, err = s.engine.quietly(ctx, settled, "stack", "import", "--stack", s.options.Stack)
	if err != nil {
		return fmt.Errorf("settling the pending operations: %w", err)
	}

	return nil
}

// created returns the IDs of the resources whose pending creation took effect, by URN.
func (s *Session) created(known *state.State) map[string]string {
	ids := make(map[string]string)

	for _, urn := range known.PendingCreates {
		for _, held := range s.account.FindByURN(string(urn)) {
			if !holds(known, held) {
				ids[string(urn)] = held.ID
			}
		}
	}

	return ids
}

// Orphans returns the resources that the stack created in the account but that its state does not contain.
func (s *Session) Orphans() ([]account.Resource, error) {
	known, err := s.State()
	if err != nil {
		return nil, err
	}

	return slices.DeleteFunc(s.account.Resources(), func(held account.Resource) bool {
		return stackOf(held) != s.options.Stack || holds(known, held)
	}), nil
}

// holds reports whether the state contains a resource of the account.
func holds(known *state.State, held account.Resource) bool {
	_, found := inState(known, held)

	return found
}

// inState returns a resource of the account as the state contains it.
func inState(known *state.State, held account.Resource) (state.Resource, bool) {
	at := slices.IndexFunc(known.Resources, func(r state.Resource) bool {
		return string(r.Type) == held.Type && string(r.ID) == held.ID
	})
	if at < 0 {
		return state.Resource{}, false
	}

	return known.Resources[at], true
}

package launcher

import (
	"context"
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/state"
)

// recover mends what a killed run left: the engine's lock, operations of which the engine does not know whether they
// took effect, what it believes to have failed, and what a restored state does not tell. The account does know.
func (s *Session) recover(ctx context.Context, restored bool) error {
	killed, err := s.killed()
	if err != nil || !restored && !killed {
		return err
	}

	s.sayf("The last run of %s was killed: comparing its state with what the account holds.", s.options.Stack)

	if _, err := s.engine.quietly(ctx, nil, "cancel", "--yes", s.options.Stack); err != nil {
		return fmt.Errorf("taking the killed run's lock: %w", err)
	}

	if err := s.settle(ctx); err != nil {
		return err
	}

	if err := s.engine.run(ctx, s.operation("refresh", "--yes", "--skip-preview")...); err != nil {
		return fmt.Errorf("the state of %s is not recovered: %w", s.options.Stack, err)
	}

	return s.sweep()
}

// sweep deletes from the account what this stack's runs have made and its state does not hold: what an engine,
// whose providers were killed, took for failed. A person would do so in the console. What the account itself made,
// as a VPC's default security group, stays and is nobody's again.
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
		return fmt.Errorf("deleting what the state of %s does not hold: %w", s.options.Stack, err)
	}

	s.sayf("Deleted from the account what the state does not hold:%s", listed(orphans))

	return nil
}

// allDatabases is the log group that enhanced monitoring creates for all databases of an account and a region. It is no
// environment's.
const allDatabases = "RDSOSMetrics"

// reportLeftovers prints what the account's services have left behind: a cluster's last lines make its log group again.
func (s *Session) reportLeftovers() {
	left := slices.DeleteFunc(s.account.Leftovers(), func(r account.Resource) bool { return r.ID == allDatabases })
	if len(left) > 0 {
		s.sayf("\nAWS's services have created these log groups again. The next `make up` imports them. On AWS, where the "+
			"environment does not come back, tools/sweep.sh %s deletes them:%s", s.options.Stack, listed(left))
	}
}

// settle takes into the state what the account holds of the pending creates.
func (s *Session) settle(ctx context.Context) error {
	known, err := s.State()
	if err != nil || known.Pending == 0 {
		return err
	}

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
	_, found := inState(known, held)

	return found
}

// inState returns what the state has of the account's resource.
func inState(known *state.State, held account.Resource) (state.Resource, bool) {
	at := slices.IndexFunc(known.Resources, func(r state.Resource) bool {
		return string(r.Type) == held.Type && string(r.ID) == held.ID
	})
	if at < 0 {
		return state.Resource{}, false
	}

	return known.Resources[at], true
}

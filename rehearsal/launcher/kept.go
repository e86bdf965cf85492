package launcher

import (
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// remember tells the account what is to stay in it: the engine forgets such a resource where it deletes others, and
// asks nobody to delete it. What the state does not hold any more is nobody's then.
func (s *Session) remember() error {
	known, err := s.State()
	if err != nil {
		return err
	}

	err = s.account.Change(func(transaction *account.Transaction) error {
		for _, held := range transaction.Find(func(r account.Resource) bool { return stackOf(r) == s.options.Stack }) {
			switch there, found := inState(known, held); {
			case there.RetainOnDelete:
				held.Kept = true
			case held.Kept && !found:
				held.URN = ""
			default:
				continue
			}

			transaction.Put(held)
		}

		return nil
	})
	if err != nil {
		return fmt.Errorf("remembering what of %s is to stay: %w", s.options.Stack, err)
	}

	return nil
}

// keptNow are what the account keeps on purpose, of whatever stack: no program has it any more.
func (s *Session) keptNow() []account.Resource {
	return slices.DeleteFunc(s.account.Resources(), func(r account.Resource) bool { return !r.Kept || r.URN != "" })
}

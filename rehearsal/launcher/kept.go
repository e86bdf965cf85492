package launcher

import (
	"fmt"

	"github.com/msur/platform/rehearsal/simulation/account"
)

// remember marks the resources that must remain in the account, because the engine removes such a resource from the
// state without asking its provider to delete it. Once the state no longer contains a marked resource, it belongs to no
// stack.
func (s *Session) remember() error {
	known, err := s.State()
	if err != nil {
		return err
	}

	err = s.account.Change(func(transaction *account.Transaction) error {
		for _, held := range transaction.Find(func(r account.Resource) bool { return stackOf(r) == s.options.Stack }) {
			switch resource, found := inState(known, held); {
			case resource.RetainOnDelete:
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
		return fmt.Errorf("marking the resources of %s that remain in the account: %w", s.options.Stack, err)
	}

	return nil
}

package account

// Leftovers returns what services made for themselves and left behind, sorted: the
// log group that a cluster's last lines made again. No program's deletion reaches
// it, so that an account is not empty after one; a person would clear it away.
func (a *Account) Leftovers() []Resource {
	return a.Find(isLeftover)
}

// Sweep deletes the leftovers, as a person would in the console.
func (a *Account) Sweep() error {
	return a.Change(func(transaction *Transaction) error {
		for _, leftover := range transaction.Find(isLeftover) {
			transaction.Delete(leftover.Key)
		}

		return nil
	})
}

// isLeftover leaves out what a program has made its own since.
func isLeftover(resource Resource) bool {
	return resource.Leftover && resource.URN == "" && resource.Owner == ""
}

package account

// Leftovers returns what services made for themselves and left behind, sorted: the log group that a cluster's last
// lines made again. No program's deletion reaches it, so that an account is not empty after one.
func (a *Account) Leftovers() []Resource {
	return a.Find(Resource.IsLeftover)
}

// IsLeftover reports whether a service left the resource behind. What a program has imported since is none.
func (r Resource) IsLeftover() bool {
	return r.Leftover && r.URN == "" && r.Owner == ""
}

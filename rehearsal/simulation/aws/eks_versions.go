package aws

// minors are the Kubernetes versions that EKS offers, oldest first (Amazon EKS User
// Guide, "Kubernetes versions", as of 2026-11).
func minors() []string {
	return []string{"1.33", "1.34", "1.35", "1.36"}
}

func newestMinor() string {
	return minors()[len(minors())-1]
}

package stacks

// staging runs release candidates as production would.
func staging() policy {
	return policy{
		highlyAvailable: true,
		// What was tried with a release candidate may be what explains its failure.
		keepsData: true,
		openAPI:   false,
		// A quarter: what an incident review looks back over.
		logRetentionDays: 90,
		// KMS's longest: a snapshot is unreadable once its key is gone.
		keyDeletionWindowDays: 30,
	}
}

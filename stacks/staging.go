package stacks

// staging runs release candidates in the same way as production would.
func staging() policy {
	return policy{
		highlyAvailable: true,
		// The data of a test may explain why a release candidate failed.
		keepsData: true,
		openAPI:   false,
		// A quarter, the period that an incident review covers.
		logRetentionDays: 90,
		// KMS's maximum: without its key, a snapshot is unreadable.
		keyDeletionWindowDays: 30,
	}
}

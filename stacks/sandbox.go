package stacks

// sandbox is for trying the platform, and is deleted afterwards.
func sandbox() policy {
	return policy{
		highlyAvailable: false,
		// A sandbox is deleted with all its data.
		keepsData: false,
		// A user who tries the platform has no fixed address. Every run warns.
		openAPI: true,
		// Long enough to investigate what happened this week.
		logRetentionDays: 7,
		// KMS's minimum: no data in a sandbox is worth restoring.
		keyDeletionWindowDays: 7,
	}
}

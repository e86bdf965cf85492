package stacks

// sandbox is where one tries the platform and throws it away.
func sandbox() policy {
	return policy{
		highlyAvailable: false,
		// A sandbox is thrown away with all that is in it.
		keepsData: false,
		// Whoever tries the platform has no fixed address. Every run warns.
		openAPI: true,
		// Long enough to look into what happened this week.
		logRetentionDays: 7,
		// KMS's shortest: nothing in a sandbox is worth bringing back.
		keyDeletionWindowDays: 7,
	}
}

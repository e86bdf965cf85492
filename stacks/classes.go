package stacks

import "github.com/msur/platform/stacks/settings"

// policy holds the properties that no setting changes: the class of an environment decides them.
type policy struct {
	// highlyAvailable environments survive the loss of a zone.
	highlyAvailable bool
	// keepsData environments leave snapshots behind, with the key that reads them, and are protected unless the settings
	// disable it.
	keepsData bool
	// openAPI environments may allow connections to the API server from the whole internet. The API server still
	// authenticates every request.
	openAPI bool
	// logRetentionDays is how long logs are kept.
	logRetentionDays int
	// drainMinutes is how long a node that is removed waits for pods that a disruption budget protects.
	drainMinutes int
	// keyDeletionWindowDays is how long the deletion of a key can be cancelled.
	keyDeletionWindowDays int
}

// policies returns the policy of each class.
func policies() map[settings.Class]policy {
	return map[settings.Class]policy{
		// For trying the platform: it is deleted with all its data.
		settings.Disposable: {
			highlyAvailable: false,
			keepsData:       false,
			// A user who tries the platform has no fixed address. Every run warns.
			openAPI: true,
			// Long enough to investigate what happened this week.
			logRetentionDays: 7,
			// A destroy waits for it too.
			drainMinutes: 5,
			// KMS's minimum: no data of a disposable environment is worth restoring.
			keyDeletionWindowDays: 7,
		},
		// For users, and for release candidates, which run in the same way.
		settings.Durable: {
			highlyAvailable: true,
			// Even the data of a test may explain why a release candidate failed.
			keepsData: true,
			openAPI:   false,
			// A quarter, the period that an incident review covers.
			logRetentionDays: 90,
			// Long enough for a service that starts slowly, and no node outlives its image for days.
			drainMinutes: 60,
			// KMS's maximum: without its key, a snapshot is unreadable.
			keyDeletionWindowDays: 30,
		},
	}
}

// public returns the exported part of the policy.
func (p policy) public() Policy {
	return Policy{HighlyAvailable: p.highlyAvailable, KeepsData: p.keepsData}
}

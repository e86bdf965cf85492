package aws

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// typeCacheSnapshot is no type of the provider's: only the account knows the snapshots that
// replication groups leave.
const typeCacheSnapshot = "aws:elasticache/snapshot:Snapshot"

const longestRetention = 35 // days

func checkCacheSnapshots(c *behaviour.Call) error {
	if days := c.Number("snapshotRetentionLimit"); days < 0 || days > longestRetention {
		return refuse("InvalidParameterValue", "Snapshot retention limit must be between 0 and %d days, got %d",
			longestRetention, days)
	}

	name := c.Text("snapshotName")
	if _, exists := c.Tx.Get(cacheSnapshotKey(c, name)); name != "" && !exists && !isUpdate(c) {
		return refuse("SnapshotNotFoundFault", "Snapshot %s not found.", name)
	}

	return nil
}

// checkCacheWindows wants two windows of an hour at least that do not meet, where the
// program gives both.
func checkCacheWindows(c *behaviour.Call) error {
	forms := []struct{ property, moment string }{
		{"snapshotWindow", "hh24:mi"}, {"maintenanceWindow", "ddd:hh24:mi"},
	}

	var windows []window

	for _, form := range forms {
		text := c.Text(form.property)
		if !isGiven(c, form.property) {
			continue
		}

		found, ok := parseWindow("^"+form.moment+"-"+form.moment+"$", text)

		switch {
		case !ok:
			return fail("%s must satisfy the format of %q: %q", form.property, form.moment+"-"+form.moment, text)
		case found.length < hour:
			return refuse("InvalidParameterValue", "The %s must be at least 60 minutes: %s", form.property, text)
		}

		windows = append(windows, found)
	}

	if len(windows) == len(forms) && windows[0].meets(windows[1]) {
		return refuse("InvalidParameterValue", "The snapshot window and maintenance window must not overlap.")
	}

	return nil
}

func cacheSnapshotKey(c *behaviour.Call, name string) account.Key {
	return account.Key{Type: typeCacheSnapshot, ID: name, Region: c.Place.Region}
}

// guardCacheSnapshot keeps a replication group whose final snapshot would have the name of another.
func guardCacheSnapshot(c *behaviour.Call) error {
	name := c.Text("finalSnapshotIdentifier")
	if _, exists := c.Tx.Get(cacheSnapshotKey(c, name)); exists {
		return refuse("SnapshotAlreadyExistsFault", "Snapshot with specified name already exists: %s", name)
	}

	return nil
}

// takeCacheSnapshot leaves a snapshot in the account, which is kept on purpose: no leftover.
func takeCacheSnapshot(c *behaviour.Call) error {
	name := c.Text("finalSnapshotIdentifier")
	if name == "" {
		return nil
	}

	c.Tx.Put(account.Resource{
		Key: cacheSnapshotKey(c, name), Kept: true, Inputs: map[string]any{},
		Outputs: map[string]any{"name": name, "replicationGroupId": c.Resource.ID},
	})

	return nil
}

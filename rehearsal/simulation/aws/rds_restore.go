package aws

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// restoreDatabase fills in what a database has from the snapshot that it is made of. Later
// the snapshot may be gone.
func restoreDatabase(c *behaviour.Call) error {
	if !isGiven(c, "snapshotIdentifier") || isUpdate(c) {
		return nil
	}

	snapshot, exists := c.Target(behaviour.Reference{
		Types: []string{typeDatabaseSnapshot}, By: []string{"id", "dbSnapshotArn"},
	}, c.Text("snapshotIdentifier"))

	switch {
	case !exists:
		return refuseWith(404, "DBSnapshotNotFound", "DBSnapshot not found: %s", c.Text("snapshotIdentifier"))
	case !hasKey(c, snapshot.Text("kmsKeyId")):
		return inaccessible(snapshot.Text("kmsKeyId"))
	}

	for _, name := range []string{"allocatedStorage", "engine", "engineVersion", "port", "storageType"} {
		if !isGiven(c, name) {
			c.Resource.Outputs[name] = snapshot.Outputs[name]
		}
	}

	holdAsTaken(c, snapshot)

	if held, _ := snapshot.Outputs["allocatedStorage"].(float64); c.Number("allocatedStorage") < int(held) {
		return refuse("InvalidParameterValue", "Requested storage size (%d) cannot be less than the snapshot's (%s)",
			c.Number("allocatedStorage"), whole(held))
	}

	return nil
}

// holdAsTaken is what a restored database has from its snapshot, whatever the program
// says: RDS takes no other, and does not refuse it. A refresh finds the difference.
func holdAsTaken(c *behaviour.Call, snapshot account.Resource) {
	for name, value := range map[string]any{
		"storageEncrypted": snapshot.Outputs["encrypted"], "kmsKeyId": snapshot.Text("kmsKeyId"),
		"username": snapshot.Private["username"], "dbName": snapshot.Private["dbName"],
	} {
		if isGiven(c, name) {
			c.Resource.Inputs[name] = value
		}

		if isGiven(c, name) && value == "" {
			delete(c.Resource.Inputs, name)
		}

		c.Resource.Outputs[name] = value
	}
}

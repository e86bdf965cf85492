package aws

import (
	"maps"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeDatabaseSnapshot = "aws:rds/snapshot:Snapshot"

// databaseSnapshot stays when its instance goes, and when its key goes: then it is of no use.
func databaseSnapshot() behaviour.Kind {
	return behaviour.Kind{
		Type: typeDatabaseSnapshot, Title: "RDS DB Snapshot", Service: "RDS",
		Verbs: behaviour.Verbs{
			Create: "CreateDBSnapshot", Update: "ModifyDBSnapshotAttribute", Delete: "DeleteDBSnapshot",
		},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("dbSnapshotIdentifier"), nil },
		Computed: snapshotOutputs(),
		ForceNew: []string{"dbInstanceIdentifier", "dbSnapshotIdentifier"},
		Sets:     []string{"sharedAccounts"},
		Unique: []behaviour.Unique{{
			Properties: []string{"dbSnapshotIdentifier"},
			Taken: func(_ *behaviour.Call, other account.Resource) error {
				return snapshotExists(other.ID)
			},
		}},
		Checks: []func(*behaviour.Call) error{checkSnapshotSource},
		Created: func(c *behaviour.Call) error {
			taken, _ := c.Get(typeDatabaseSnapshot, c.Resource.ID)
			taken.Private = unseen(snapshotSource(c))
			c.Tx.Put(taken)

			return nil
		},
		Missing: missing("DBSnapshotNotFound", "DBSnapshot not found: %s"),
	}
}

func snapshotExists(name string) error {
	return refuse("DBSnapshotAlreadyExists",
		"Cannot create the snapshot because a snapshot with the identifier %s already exists.", name)
}

// copied are the properties of a snapshot that are its instance's, under the instance's names.
func copied() map[string]string {
	return map[string]string{
		"allocatedStorage": "allocatedStorage", "availabilityZone": "availabilityZone", "encrypted": "storageEncrypted",
		"engine": "engine", "engineVersion": "engineVersionActual", "iops": "iops", "kmsKeyId": "kmsKeyId",
		"licenseModel": "licenseModel", "optionGroupName": "optionGroupName", "port": "port", "storageType": "storageType",
	}
}

func snapshotOutputs() []behaviour.Output {
	outputs := []behaviour.Output{
		behaviour.Format("dbSnapshotArn", "arn:{partition}:rds:{region}:{account}:snapshot:{id}"), tagsAll(),
		behaviour.Constant("snapshotType", "manual"), behaviour.Constant("status", "available"),
		behaviour.Constant("sourceDbSnapshotIdentifier", ""), behaviour.Constant("sourceRegion", ""),
		{Name: "vpcId", Make: func(c *behaviour.Call) any { return networkOfDatabase(c, snapshotSource(c)) }},
	}
	for name, property := range copied() {
		outputs = append(outputs, behaviour.Output{Name: name, Make: func(c *behaviour.Call) any {
			return snapshotSource(c).Outputs[property]
		}})
	}

	return outputs
}

func networkOfDatabase(c *behaviour.Call, database account.Resource) string {
	group, _ := c.Get(typeDatabaseSubnetGroup, database.Text("dbSubnetGroupName"))

	return group.Text("vpcId")
}

func snapshotSource(c *behaviour.Call) account.Resource {
	source, _ := c.Target(behaviour.Reference{Types: []string{typeDatabase}, By: []string{"identifier"}},
		c.Text("dbInstanceIdentifier"))

	return source
}

// checkSnapshotSource wants the instance when the snapshot is made; later it may be gone.
func checkSnapshotSource(c *behaviour.Call) error {
	source := snapshotSource(c)

	switch {
	case isUpdate(c):
		return nil
	case source.ID == "":
		return refuseWith(404, "DBInstanceNotFound", "DBInstance %s not found.", c.Text("dbInstanceIdentifier"))
	case !hasKey(c, source.Text("kmsKeyId")):
		return inaccessible(source.Text("kmsKeyId"))
	}

	return checkIdentifier("db_snapshot_identifier", c.Text("dbSnapshotIdentifier"))
}

// hasKey says that a key can still be used, which holds for no key and for AWS's own as well.
func hasKey(c *behaviour.Call, arn string) bool {
	_, exists := c.Target(databaseKey(""), arn)

	return exists || arn == "" || isServiceKey(arn)
}

// guardFinalSnapshot is the provider, which calls nobody without a name.
func guardFinalSnapshot(c *behaviour.Call) error {
	if !c.True("skipFinalSnapshot") && c.Text("finalSnapshotIdentifier") == "" {
		return fail("final_snapshot_identifier is required when skip_final_snapshot is false")
	}

	return nil
}

// guardSnapshotName keeps an instance whose final snapshot would have the name of another.
func guardSnapshotName(c *behaviour.Call) error {
	name := c.Text("finalSnapshotIdentifier")
	if _, exists := c.Get(typeDatabaseSnapshot, name); exists && !c.True("skipFinalSnapshot") {
		return snapshotExists(name)
	}

	return nil
}

// takeFinalSnapshot leaves a snapshot in the account, which is kept on purpose: no leftover.
func takeFinalSnapshot(c *behaviour.Call) error {
	if c.True("skipFinalSnapshot") {
		return nil
	}

	name := c.Text("finalSnapshotIdentifier")
	inputs := map[string]any{"dbInstanceIdentifier": c.Text("identifier"), "dbSnapshotIdentifier": name}

	if c.True("copyTagsToSnapshot") {
		inputs["tags"] = c.Resource.Outputs["tagsAll"]
	}

	outputs := maps.Clone(inputs)
	outputs["vpcId"] = networkOfDatabase(c, c.Resource)

	for to, from := range copied() {
		outputs[to] = c.Resource.Outputs[from]
	}

	c.Leave(databaseSnapshot(), name, inputs, outputs)
	left, _ := c.Get(typeDatabaseSnapshot, name)
	left.Kept, left.Private = true, unseen(c.Resource)
	c.Tx.Put(left)

	return nil
}

// unseen is what a snapshot of a database holds and no output shows.
func unseen(database account.Resource) map[string]string {
	return map[string]string{"username": database.Text("username"), "dbName": database.Text("dbName")}
}

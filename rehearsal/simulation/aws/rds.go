package aws

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeDatabase               = "aws:rds/instance:Instance"
	typeDatabaseParameterGroup = "aws:rds/parameterGroup:ParameterGroup"
	typeDatabaseSubnetGroup    = "aws:rds/subnetGroup:SubnetGroup"
	typeSecret                 = "aws:secretsmanager/secret:Secret"
)

func databaseRules() map[string]rules {
	return map[string]rules{
		typeDatabase: {
			outputs: makers{
				"availabilityZone": func(c *call) any {
					return subnetZones(c, databaseSubnets().of(c).Texts("subnetIds"))[0].name
				},
				"vpcSecurityGroupIds": func(c *call) any { return defaultGroups(c, databaseSubnets().of(c).Text("vpcId")) },
				"address":             databaseAddress,
				"engineVersionActual": actualVersion,
				"hostedZoneId":        func(c *call) any { return hostedZone("rds " + c.Place.Region) },
				"iops":                func(c *call) any { return included(c)[0] },
				"storageThroughput":   func(c *call) any { return included(c)[1] },
			},
			ignored: smallerStorage,
			checks: []check{
				checkDatabaseVersion, checkStorage, checkMonitoring, keepLifecycleSupport,
			},
			local:   []behaviour.Local{{Reads: []string{"allocatedStorage", "maxAllocatedStorage"}, Check: checkGrowth}},
			guards:  []check{guardFinalSnapshot, guardProtection, finalSnapshots().guard},
			created: settleDatabase, updated: settleDatabase, deleted: finalSnapshots().take,
		},
		typeDatabaseParameterGroup: {local: []behaviour.Local{{Reads: []string{"parameters"}, Check: checkParameters}}},
		typeDatabaseSubnetGroup: {
			outputs: makers{"vpcId": groupNetwork},
			checks:  []check{checkGroupZones, checkDatabaseSubnetsLeft},
		},
	}
}

func finalSnapshots() snapshots {
	return snapshots{
		token: "aws:rds/snapshot:Snapshot",
		taken: "DBSnapshotAlreadyExists: Cannot create the snapshot because a snapshot with the identifier {value} already " +
			"exists.",
	}
}

// keepLifecycleSupport keeps an existing instance as it was created: RDS ignores a change without an error
// (hashicorp/terraform-provider-aws#40870).
func keepLifecycleSupport(c *call) error {
	if old, exists := before(c); exists {
		c.Resource.Outputs["engineLifecycleSupport"] = old.Outputs["engineLifecycleSupport"]
	}

	return nil
}

// databaseAddress has a part that is the same for all of an account's databases in a region.
func databaseAddress(c *call) any {
	return c.Fill("{identifier}." + digest(c.Fill("rds {account}{region}"), 12) + ".{region}.rds.{domain}")
}

// actualVersion is the version that runs: the newest at first. RDS keeps one that the program's version fits.
func actualVersion(c *call) any {
	wanted := c.Text("engineVersion")

	old, _ := before(c)
	if running := old.Text("engineVersionActual"); fits(running, wanted) {
		return running
	}

	return cmp.Or(newestMySQL(wanted), wanted)
}

// fits reports whether a version is the wanted one, or one of a wanted minor.
func fits(version, wanted string) bool {
	return version == wanted || strings.HasPrefix(version, wanted+".")
}

// checkDatabaseVersion requires no earlier version than runs.
func checkDatabaseVersion(c *call) error {
	wanted := c.Text("engineVersion")
	version := cmp.Or(newestMySQL(wanted), wanted)
	old, exists := before(c)

	running := old.Text("engineVersionActual")
	if exists && !fits(running, wanted) && version < running {
		return refuse("InvalidParameterCombination", "Cannot upgrade mysql from %s to %s", running, version)
	}

	return nil
}

// smallerStorage is the size that the program asks for, where it is below that of the disk, which grows automatically:
// the provider cannot distinguish a smaller requested size from a disk that has grown.
func smallerStorage(held, inputs properties) []string {
	const allocated = "allocatedStorage"

	number := func(values properties, name resource.PropertyKey) float64 {
		if !values[name].IsNumber() {
			return 0
		}

		return values[name].NumberValue()
	}

	asked := number(inputs, allocated)
	if asked > 0 && number(held, allocated) > asked && number(inputs, "maxAllocatedStorage") > asked {
		return []string{allocated}
	}

	return nil
}

// included are the operations and the MiB per second that a gp3 disk of MySQL includes.
// Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
func included(c *call) [2]int {
	if c.Number("allocatedStorage") >= 400 {
		return [2]int{12000, 500}
	}

	return [2]int{3000, 125}
}

// checkStorage requires a size of at least the existing one.
func checkStorage(c *call) error {
	old, _ := before(c)
	size := c.Number("allocatedStorage")

	if had, _ := old.Outputs["allocatedStorage"].(float64); size < int(had) {
		return refuse("InvalidParameterValue", "Requested storage size (%d) cannot be less than the current size (%v)",
			size, had)
	}

	return nil
}

// checkGrowth requires a size of at most the one that the disk is allowed to grow to.
func checkGrowth(c *call) error {
	if most := c.Number("maxAllocatedStorage"); most > 0 && most < c.Number("allocatedStorage") {
		return refuse("InvalidParameterCombination", "Max storage size must be greater than storage size")
	}

	return nil
}

// checkMonitoring requires a role that enhanced monitoring is allowed to assume, with AWS's policy: a missing DependsOn
// shows here.
func checkMonitoring(c *call) error {
	role := roleOf(c, c.Text("monitoringRoleArn"))
	fit := trusts(role, "monitoring.rds.amazonaws.com", "sts:AssumeRole") &&
		hasPolicy(c, role, "AmazonRDSEnhancedMonitoringRole")

	if fit || c.Number("monitoringInterval") == 0 {
		return nil
	}

	return refuse("InvalidParameterValue",
		"IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING")
}

// guardFinalSnapshot is a check of the provider's.
func guardFinalSnapshot(c *call) error {
	if !c.True("skipFinalSnapshot") && c.Text("finalSnapshotIdentifier") == "" {
		return fail("final_snapshot_identifier is required when skip_final_snapshot is false")
	}

	return nil
}

func guardProtection(c *call) error {
	if c.True("deletionProtection") {
		return refuse("InvalidParameterCombination",
			"Cannot delete protected DB Instance, please disable deletion protection and try again.")
	}

	return nil
}

// settleDatabase creates the resources beside the instance: the admin's secret, and log groups. RDS and its
// monitoring agent create a log group when the program has not, and again when their last lines come after its
// deletion.
func settleDatabase(c *call) error {
	keepMasterSecret(c)

	for _, log := range c.Texts("enabledCloudwatchLogsExports") {
		c.Write(typeLogGroup, "/aws/rds/instance/"+c.Text("identifier")+"/"+log)
	}

	if c.Number("monitoringInterval") > 0 {
		c.Write(typeLogGroup, "RDSOSMetrics")
	}

	return nil
}

// keepMasterSecret keeps the admin's password in a secret of the instance's own. Only the account knows the password.
func keepMasterSecret(c *call) {
	secrets := slices.DeleteFunc(c.Siblings(typeSecret), func(r account.Resource) bool { return !r.PartOf(c.Resource) })
	if len(secrets) == 0 {
		secrets = append(secrets, makeMasterSecret(c))
	}

	c.Resource.Outputs["masterUserSecrets"] = []any{map[string]any{
		"secretArn": secrets[0].ID, "secretStatus": "active", "kmsKeyId": c.Text("masterUserSecretKmsKeyId"),
	}}
	c.Tx.Put(c.Resource)
}

func makeMasterSecret(c *call) account.Resource {
	name := c.Fill("rds!db-{uuid}")
	arn := c.Fill("arn:{partition}:secretsmanager:{region}:{account}:secret:" + name + "-{hex 6}")
	c.Own(typeSecret, arn, map[string]any{
		"name": name, "kmsKeyId": c.Text("masterUserSecretKmsKeyId"),
		"description": "The secret associated with the primary RDS DB instance: " + c.Text("arn"),
		"tags": map[string]any{
			"aws:rds:primaryDBInstanceArn": c.Text("arn"), "aws:secretsmanager:owningService": "rds",
		},
	})

	made, _ := c.Get(typeSecret, arn)
	made.Private = map[string]string{"username": c.Text("username"), "password": c.Fill("Rds.{hex 24}")}
	c.Tx.Put(made)

	return made
}

// checkGroupZones requires two zones.
func checkGroupZones(c *call) error {
	if zones := subnetZones(c, c.Texts("subnetIds")); len(zones) < 2 {
		return refuse("DBSubnetGroupDoesNotCoverEnoughAZs", "The DB subnet group doesn't meet Availability Zone (AZ) "+
			"coverage requirement. Current AZ coverage: %s. Add subnets to cover at least 2 AZs.", zoneNames(zones, ","))
	}

	return nil
}

// checkDatabaseSubnetsLeft refuses to remove subnets in which instances of the group run.
func checkDatabaseSubnetsLeft(c *call) error {
	for _, id := range removed(c) {
		subnet, _ := c.Get(typeSubnet, id)

		for _, database := range databaseSubnets().stores(c, c.Resource.ID) {
			if database.Outputs["multiAz"] == true || database.Text("availabilityZone") == subnet.Text("availabilityZone") {
				return refuse("SubnetAlreadyInUse", "The subnet %s is currently in use by an instance of the DB subnet group %s "+
					"and cannot be removed from it.", id, c.Resource.ID)
			}
		}
	}

	return nil
}

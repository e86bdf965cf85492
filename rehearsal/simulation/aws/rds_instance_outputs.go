package aws

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const mysqlPort = 3306.0

// databaseOutputs are what RDS fills in: those of following stand last, and follow every update too.
func databaseOutputs() []behaviour.Output {
	return append([]behaviour.Output{
		tagsAll(),
		behaviour.Constant("identifierPrefix", ""),
		{Name: "identifier", Make: databaseIdentifier},
		behaviour.Format("resourceId", "{id}"), behaviour.Constant("status", "available"),
		{Name: "engineVersion", Make: func(*behaviour.Call) any { return newestMySQL("") }},
		behaviour.Constant("port", mysqlPort), behaviour.Constant("multiAz", false),
		behaviour.Constant("allocatedStorage", 0.0), behaviour.Constant("engine", "mysql"),
		behaviour.Constant("username", ""),
		{Name: "storageType", Make: storageType},
		{Name: "availabilityZone", Make: databaseZone},
		{Name: "vpcSecurityGroupIds", Make: databaseSubnets().securityGroups},
		{Name: "kmsKeyId", Make: databaseKeyARN("storageEncrypted")},
		{Name: "hostedZoneId", Make: func(c *behaviour.Call) any {
			return "Z" + strings.ToUpper(digest("rds zone "+c.Place.Region, 13))
		}},
		behaviour.Constant("backupRetentionPeriod", 0.0), behaviour.Constant("backupTarget", "region"),
		behaviour.Constant("backupWindow", "06:11-06:41"),
		behaviour.Constant("maintenanceWindow", "sun:08:12-sun:08:42"),
		behaviour.Constant("caCertIdentifier", "rds-ca-rsa2048-g1"),
		behaviour.Constant("databaseInsightsMode", "standard"),
		behaviour.Constant("engineLifecycleSupport", "open-source-rds-extended-support"),
		behaviour.Constant("licenseModel", licenseOfMySQL), behaviour.Constant("networkType", "IPV4"),
		behaviour.Constant("applyImmediately", false), behaviour.Constant("dedicatedLogVolume", false),
		behaviour.Constant("dbName", ""), behaviour.Constant("characterSetName", ""),
		behaviour.Constant("ncharCharacterSetName", ""), behaviour.Constant("timezone", ""),
		behaviour.Constant("monitoringRoleArn", ""), behaviour.Constant("snapshotIdentifier", ""),
		behaviour.Constant("replicaMode", ""), behaviour.Constant("replicas", []any{}),
		behaviour.Constant("listenerEndpoints", []any{}), behaviour.Constant("masterUserSecrets", []any{}),
		{Name: "latestRestorableTime", Make: now},
	}, following()...)
}

// following are the outputs that are made of inputs which change in place. The provider's
// previews take them for what they were, as the bridge does, so that a new tag does not
// make an address unknown.
func following() []behaviour.Output {
	return []behaviour.Output{
		behaviour.Format("arn", "arn:{partition}:rds:{region}:{account}:db:{identifier}"),
		{Name: "address", Make: databaseAddress},
		{Name: "endpoint", Make: func(c *behaviour.Call) any {
			return fmt.Sprintf("%s:%d", databaseAddress(c), c.Number("port"))
		}},
		{Name: "engineVersionActual", Make: actualVersion},
		{Name: "parameterGroupName", Make: defaultParameters},
		{Name: "optionGroupName", Make: defaultOptions},
		{Name: "iops", Make: storageIOPS},
		{Name: "storageThroughput", Make: storageThroughput},
		{Name: "performanceInsightsKmsKeyId", Make: databaseKeyARN("performanceInsightsEnabled")},
		{Name: "performanceInsightsRetentionPeriod", Make: insightsRetention},
		{Name: "masterUserSecretKmsKeyId", Make: func(c *behaviour.Call) any { return masterSecretKey(c) }},
	}
}

// databaseIdentifier is a name that the provider makes when it is given none.
func databaseIdentifier(c *behaviour.Call) any {
	prefix := c.Text("identifierPrefix")
	if prefix == "" {
		prefix = "tf-"
	}

	return prefix + c.Digits(26)
}

// databaseAddress has a part that is the same for all of an account's databases in a region.
func databaseAddress(c *behaviour.Call) any {
	return c.Text("identifier") + "." + digest("rds "+accountID+c.Place.Region, 12) + "." + c.Place.Region +
		".rds.amazonaws.com"
}

func databaseKeyARN(condition string) func(*behaviour.Call) any {
	return func(c *behaviour.Call) any {
		if !c.True(condition) {
			return ""
		}

		return serviceKeyARN(c, "rds")
	}
}

func insightsRetention(c *behaviour.Call) any {
	if c.True("performanceInsightsEnabled") {
		return 7.0
	}

	return 0.0
}

func defaultParameters(c *behaviour.Call) any {
	return "default." + familyOf(c.Text("engineVersion"))
}

func defaultOptions(c *behaviour.Call) any {
	return "default:mysql-" + strings.ReplaceAll(majorOf(c.Text("engineVersion")), ".", "-")
}

// settleDatabase brings up to date what follows the inputs and what the service keeps
// beside the instance.
func settleDatabase(c *behaviour.Call) error {
	for _, output := range following() {
		if !isGiven(c, output.Name) {
			c.Resource.Outputs[output.Name] = output.Make(c)
		}
	}

	keepMasterSecret(c)
	c.Tx.Put(c.Resource)
	writeDatabaseLogs(c)

	return nil
}

// writeDatabaseLogs is the database at its log groups, and the monitoring agent at the one
// of all databases. Either makes its group when the program has not, and again when its
// last lines come after the group has been deleted.
func writeDatabaseLogs(c *behaviour.Call) {
	for _, log := range c.Texts("enabledCloudwatchLogsExports") {
		c.Write(logGroup(), "/aws/rds/instance/"+c.Text("identifier")+"/"+log)
	}

	if c.Number("monitoringInterval") > 0 {
		c.Write(logGroup(), "RDSOSMetrics")
	}
}

// digest are small hexadecimal digits that are the same for the same text.
func digest(text string, length int) string {
	return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:length]
}

// serviceKeyARN is the key that AWS keeps for a service in an account: no program made it.
func serviceKeyARN(c *behaviour.Call, service string) string {
	return c.Fill("arn:{partition}:kms:{region}:{account}:key/") + behaviour.UUID(digest("alias/aws/"+service, 32))
}

// isServiceKey says that a key is one that AWS keeps, by its ARN or its alias.
func isServiceKey(name string) bool {
	for _, service := range []string{"rds", "secretsmanager"} {
		id := behaviour.UUID(digest("alias/aws/"+service, 32))
		if strings.HasSuffix(name, ":key/"+id) || strings.HasSuffix(name, "alias/aws/"+service) {
			return true
		}
	}

	return false
}

// whole writes a number as RDS does: without a fraction.
func whole(value any) string {
	number, _ := value.(float64)

	return strconv.FormatFloat(number, 'f', -1, 64)
}

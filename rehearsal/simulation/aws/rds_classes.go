package aws

import (
	"regexp"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// databaseFamilies are the instance families of RDS for MySQL 8.4; 8.0 has these too.
// Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html
func databaseFamilies() []string {
	return []string{
		"m5", "m5d", "m6g", "m6gd", "m6i", "m6id", "m7g", "m7i", "m8g", "r5", "r5b", "r5d", "r6g", "r6gd", "r6i", "r6id",
		"r7g", "r7i", "r8g", "t3", "t4g", "x2g", "x2idn", "x2iedn",
	}
}

// checkDatabaseClass wants a class that RDS has, and has for MySQL.
func checkDatabaseClass(c *behaviour.Call) error {
	class := c.Text("instanceClass")

	parts := regexp.MustCompile(`^db\.(([a-z])[0-9][a-z]*)\.([a-z]+|[0-9]+xlarge)$`).FindStringSubmatch(class)
	if parts == nil || !isSize(parts[2], parts[3]) {
		return refuse("InvalidParameterValue", "Invalid DB Instance class: %s", class)
	}

	if slices.Contains(databaseFamilies(), parts[1]) {
		return nil
	}

	version := c.Text("engineVersion")
	if version == "" {
		version = newestMySQL("")
	}

	return refuse("InvalidParameterCombination", "RDS does not support creating a DB instance with the following "+
		"combination: DBInstanceClass=%s, Engine=mysql, EngineVersion=%s, LicenseModel=%s. For supported combinations of "+
		"instance class and database engine version, see the documentation.", class, version, licenseOfMySQL)
}

// isSize says that a class of that letter comes in a size: the small ones are burstable.
func isSize(letter, size string) bool {
	if letter == "t" {
		return slices.Contains([]string{"micro", "small", "medium", "large", "xlarge", "2xlarge"}, size)
	}

	return regexp.MustCompile(`^(large|([248]|12|16|24|32|48)?xlarge)$`).MatchString(size)
}

package controls

import (
	"strconv"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/state"
)

// IAM logins need 300 to 1,000 MiB beside the buffer pool (Amazon RDS User Guide, "IAM database authentication"). The
// operating system, RDS's processes and MySQL without its pool use about 700 MiB. This is an assumption: a db.t3.micro
// leaves at most 341 of its 1,024 MiB.
const (
	loginsMiB   = 300
	reservedMiB = 700
)

// loginMemory is D0.
func loginMemory(c *check) {
	for _, database := range c.all(typeDatabase) {
		support := database.Outputs["engineLifecycleSupport"]
		if support == nil {
			support = input(database, "engineLifecycleSupport")
		}

		c.hold(database, "engineLifecycleSupport", support == "open-source-rds-extended-support-disabled",
			"RDS charges for extended support after standard support ends; only a new instance can decline it")

		if input(database, "iamDatabaseAuthenticationEnabled") != true {
			continue
		}

		memory := facts.DatabaseMemoryMiB(text(database, "instanceClass"))
		small := memory > 0 && memory <= 4096 // larger classes have enough memory beside RDS's default buffer pool
		spare := memory - reservedMiB - c.bufferPool(database, memory)
		c.hold(database, "instanceClass", !small || spare >= loginsMiB,
			"IAM logins need more memory; expected a larger class or a smaller innodb_buffer_pool_size")
	}
}

// bufferPool returns the size of a database's buffer pool in MiB: the size in its parameter group, or RDS's default,
// which is 128 MiB of 1 GiB and half of larger memory (Amazon RDS User Guide, "Configuring buffer pool size and redo
// log capacity in MySQL 8.4").
func (c *check) bufferPool(database state.Resource, memory int) int {
	for _, group := range named(c.all(typeDatabaseParameters), text(database, "parameterGroupName")) {
		if size, err := strconv.Atoi(parameter(group, "innodb_buffer_pool_size")); err == nil {
			return size >> 20
		}
	}

	if memory <= 1024 {
		return 128
	}

	return memory / 2
}

// loginLogs is O4.
func loginLogs(c *check) {
	for _, database := range c.all(typeDatabase) {
		exported := includes("iam-db-auth-error")(input(database, "enabledCloudwatchLogsExports"))
		c.hold(database, "enabledCloudwatchLogsExports",
			exported || input(database, "iamDatabaseAuthenticationEnabled") != true,
			"no log explains why an IAM login failed; expected iam-db-auth-error")
	}
}

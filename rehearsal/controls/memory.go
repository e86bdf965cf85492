package controls

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/msur/platform/rehearsal/state"
)

// IAM logins need 300 to 1,000 MiB beside the buffer pool (Amazon RDS User Guide, "IAM database authentication"). The
// operating system, RDS's processes and MySQL without its pool use some 700 (assumed: a db.t3.micro leaves at most 341
// of its 1,024).
const (
	loginsMiB   = 300
	reservedMiB = 700
)

// loginMemory is D0.
func loginMemory(environment Environment, v *verdict) {
	const declined = "open-source-rds-extended-support-disabled"

	for _, database := range of(environment.State, typeDatabase) {
		support := database.Outputs["engineLifecycleSupport"]
		if support == nil {
			support = input(database, "engineLifecycleSupport")
		}

		v.hold(database, "engineLifecycleSupport", support == declined,
			"RDS charges for extended support once standard support has ended; only a new instance can decline it")

		if logins, _ := input(database, "iamDatabaseAuthenticationEnabled").(bool); !logins {
			continue
		}

		memory, known := smallMemory(text(database, "instanceClass"))
		spare := memory - reservedMiB - poolOf(environment.State, database, memory)
		v.hold(database, "instanceClass", !known || spare >= loginsMiB, "it has too little memory for IAM logins")
	}
}

// small is an instance class that is not larger than medium. Larger ones have memory to spare beside RDS's own buffer
// pool.
var small = regexp.MustCompile(`^db\.[a-z0-9]+\.(micro|small|medium)$`)

// smallMemory is the memory of a small class in MiB, and whether the class is one.
func smallMemory(class string) (int, bool) {
	match := small.FindStringSubmatch(class)
	if match == nil {
		return 0, false
	}

	return map[string]int{"micro": 1024, "small": 2048, "medium": 4096}[match[1]], true
}

// poolOf is the buffer pool of a database in MiB: that of its parameter group, or RDS's own, which is 128 MiB on 1 GiB
// and half of the memory on more (Amazon RDS User Guide, "Configuring buffer pool size and redo log capacity in MySQL
// 8.4").
func poolOf(s *state.State, database state.Resource, memory int) int {
	for _, group := range ofName(of(s, typeDatabaseParameters), text(database, "parameterGroupName")) {
		for _, parameter := range list(group, "parameters") {
			given, _ := parameter.(map[string]any)
			value, _ := given["value"].(string)

			if size, err := strconv.Atoi(value); given["name"] == "innodb_buffer_pool_size" && err == nil {
				return size >> 20
			}
		}
	}

	if memory <= 1024 {
		return 128
	}

	return memory / 2
}

// loginLogs is O4.
func loginLogs(environment Environment, v *verdict) {
	for _, database := range of(environment.State, typeDatabase) {
		logins, _ := input(database, "iamDatabaseAuthenticationEnabled").(bool)
		exported := slices.Contains(list(database, "enabledCloudwatchLogsExports"), any("iam-db-auth-error"))
		v.hold(database, "enabledCloudwatchLogsExports", !logins || exported, "no log says why an IAM login failed")
	}
}

package main

// customs returns the commands of the CLI that are not operations of APIs, with their options. Each is a page of the
// AWS CLI 2 Command Reference.
func customs() map[string]operation {
	free := shape{Type: text}

	return map[string]operation{
		"ecr get-login-password": {},
		"eks get-token":          {Options: map[string]shape{"cluster-name": free, "role-arn": free}},
		"logs tail": {Options: map[string]shape{
			"since": free, "follow": {Type: boolean}, "format": {Type: text, Enum: []string{"detailed", "short", "json"}},
			"filter-pattern": free, "log-stream-names": {Type: list}, "log-stream-name-prefix": free,
		}},
	}
}

// positional returns the number of arguments without an option, by command: logs tail takes a log group.
func positional() map[string]int { return map[string]int{"logs tail": 1} }

// globals returns the options that every command takes (AWS CLI 2 Command Reference, "Global options").
func globals() map[string]shape {
	free := shape{Type: text}

	return map[string]shape{
		"region": free, "profile": free, "query": free, "endpoint-url": free, "debug": {Type: boolean},
		"output":       {Type: text, Enum: []string{"json", "text", "table", "yaml", "yaml-stream"}},
		"no-cli-pager": {Type: boolean}, "no-paginate": {Type: boolean},
		"max-items": {Type: integer}, "page-size": {Type: integer},
		"cli-input-json": free, "generate-cli-skeleton": free,
	}
}

// documented returns the allowed values of options that the API references list and AWS's models do not, by command and
// option.
func documented() map[string][]string {
	support := []string{"open-source-rds-extended-support", "open-source-rds-extended-support-disabled"}

	return map[string][]string{
		// Amazon ElastiCache API Reference, DescribeSnapshots: SnapshotSource.
		"elasticache describe-snapshots snapshot-source": {"system", "user"},
		// Amazon RDS API Reference, DescribeDBSnapshots: SnapshotType.
		"rds describe-db-snapshots snapshot-type": {"automated", "awsbackup", "manual", "public", "shared"},
		// Amazon RDS API Reference, the pages of both operations: EngineLifecycleSupport.
		"rds restore-db-instance-from-db-snapshot engine-lifecycle-support": support,
		"rds restore-db-instance-to-point-in-time engine-lifecycle-support": support,
	}
}

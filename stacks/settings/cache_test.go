package settings_test

import (
	"testing"
)

func TestCacheMistakes(t *testing.T) {
	t.Parallel()

	of := ofSection("platform:cache")

	checkMistakes(t, map[string]mistake{
		"an old version":         of("version", `"7.2"`, `"7.2"`, "8.0, 8.1 or 8.2", "8.2"),
		"without a type":         of("nodeType", "", "nothing", "node type", "cache.t4g.micro"),
		"a type of the database": of("nodeType", `"db.t4g.micro"`, `"db.t4g.micro"`, "cache.t4g.micro", "cache.t4g.micro"),
		"a type too old":         of("nodeType", `"cache.m3.large"`, `"cache.m3.large"`, "Valkey", "cache.t4g.micro"),
		"too large a type": of("nodeType", `"cache.t4g.24xlarge"`, `"cache.t4g.24xlarge"`, "micro, small, medium",
			"cache.t4g.micro"),
		"too many replicas":   of("replicas", `6`, `6`, "from 0 to 5", "0"),
		"less than zero":      of("replicas", `-1`, `-1`, "from 0 to 5", "0"),
		"no snapshots":        of("snapshotRetentionDays", `0`, `0`, "from 1 to 35", "7"),
		"snapshots of a year": of("snapshotRetentionDays", `365`, `365`, "from 1 to 35", "7"),
	})
}

package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	engineRedis  = "redis"
	engineValkey = "valkey"
)

// cacheVersion is a version that ElastiCache offers, which it completes by itself.
type cacheVersion struct {
	engine, version, actual string
	family                  string // of its parameter groups
}

// cacheVersions are those of each engine, the oldest first.
// Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html
func cacheVersions() []cacheVersion {
	return []cacheVersion{
		{engine: engineRedis, version: "5.0.6", actual: "5.0.6", family: "redis5.0"},
		{engine: engineRedis, version: "6.0", actual: "6.0.5", family: "redis6.x"},
		{engine: engineRedis, version: "6.2", actual: "6.2.6", family: "redis6.x"},
		{engine: engineRedis, version: "7.0", actual: "7.0.7", family: "redis7"},
		{engine: engineRedis, version: "7.1", actual: "7.1.0", family: "redis7"},
		{engine: engineValkey, version: "7.2", actual: "7.2.6", family: "valkey7"},
		{engine: engineValkey, version: "8.0", actual: "8.0.1", family: "valkey8"},
		{engine: engineValkey, version: "8.1", actual: "8.1.0", family: "valkey8"},
		{engine: engineValkey, version: "8.2", actual: "8.2.0", family: "valkey8"},
	}
}

// findCacheVersion finds a version of an engine. No version at all is the newest, and so
// is 6.x of Redis 6.
func findCacheVersion(engine, version string) (cacheVersion, bool) {
	var found cacheVersion

	for _, known := range cacheVersions() {
		if known.engine == engine && (version == "" || known.version == strings.Replace(version, "6.x", "6.2", 1)) {
			found = known
		}
	}

	return found, found.engine != ""
}

// cacheVersionOf is the version that a replication group runs.
func cacheVersionOf(c *behaviour.Call) cacheVersion {
	found, _ := findCacheVersion(cacheEngine(c), c.Text("engineVersion"))

	return found
}

// cacheEngine is Redis where the program says nothing: the provider does so.
func cacheEngine(c *behaviour.Call) string {
	if engine := strings.ToLower(c.Text("engine")); engine != "" {
		return engine
	}

	return engineRedis
}

// checkCacheVersion wants a version of the engine. A lower one, as another engine than
// Valkey for Valkey, never comes here: the provider makes a new group.
func checkCacheVersion(c *behaviour.Call) error {
	if engine := cacheEngine(c); engine != engineRedis && engine != engineValkey {
		return fail(`expected engine to be one of ["redis" "valkey"], got %s`, engine)
	}

	if _, known := findCacheVersion(cacheEngine(c), c.Text("engineVersion")); !known {
		return refuse("InvalidParameterCombination", "Cannot find version %s for %s", c.Text("engineVersion"), cacheEngine(c))
	}

	return nil
}

// age is where a version stands among all: Valkey's are all later than those of Redis. One
// that there is not is later than any.
func (v cacheVersion) age() int {
	if place := slices.Index(cacheVersions(), v); place >= 0 {
		return place
	}

	return len(cacheVersions())
}

package settings

import (
	"strconv"

	"github.com/msur/platform/components/cache/engine"
	"github.com/msur/platform/internal/config"
)

// Cache is the section platform:cache.
type Cache struct {
	// Version is the version of Valkey. Default: 8.2, the last minor of 8, so that ElastiCache's automatic minor upgrades
	// change nothing. ElastiCache cannot downgrade: setting a lower version replaces the cache, which `make preview` and
	// `make check` refuse.
	Version string `mapstructure:"version"`
	// NodeType is an ElastiCache node type, such as "cache.t4g.micro".
	NodeType string `mapstructure:"nodeType"`
	// Replicas are copies in other zones, each at the price of the primary. Default: 0, without failover. An environment
	// that must survive the loss of a zone requires one.
	Replicas int `mapstructure:"replicas"`
	// SnapshotRetentionDays is how many daily snapshots are kept. Default: 7, as for the database: reservations are data.
	SnapshotRetentionDays int `mapstructure:"snapshotRetentionDays"`
}

func defaultCache() Cache { return Cache{Version: "8.2", SnapshotRetentionDays: 7} }

// The bounds of ElastiCache (ElastiCache API Reference, CreateReplicationGroup). A snapshot is taken every day.
func replicaRange() config.Range  { return config.Range{Min: 0, Max: 5} }
func snapshotRange() config.Range { return config.Range{Min: 1, Max: 35} }

const cachePath = "platform:cache"

func cacheKeys() config.Keys {
	defaults := defaultCache()

	return config.Keys{
		cachePath + ".version":  {Expected: config.Choice(engine.Known()) + ", in quotes", Example: defaults.Version},
		cachePath + ".nodeType": {Expected: "a node type that runs Valkey 8", Example: "cache.t4g.micro"},
		cachePath + ".replicas": {Expected: replicaRange().String(), Example: strconv.Itoa(defaults.Replicas)},
		cachePath + ".snapshotRetentionDays": {
			Expected: snapshotRange().String(), Example: strconv.Itoa(defaults.SnapshotRetentionDays),
		},
	}
}

func (c *checker) checkCache() {
	cache := c.settings.Cache

	config.OneOf(c.Checker, cachePath+".version", cache.Version, engine.Known())

	if err := engine.CheckNodeType(cache.Version, cache.NodeType); err != nil {
		c.InvalidBecause(cachePath+".nodeType", err)
	}

	c.Within(cachePath+".replicas", cache.Replicas, replicaRange())
	c.Within(cachePath+".snapshotRetentionDays", cache.SnapshotRetentionDays, snapshotRange())
}

package engine_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cache/engine"
)

func TestNodeTypes(t *testing.T) {
	t.Parallel()

	for nodeType, runs := range map[string]bool{
		"cache.t4g.micro": true, "cache.t3.medium": true, "cache.r7g.16xlarge": true, "cache.c7gn.large": true,
		"cache.m5.24xlarge": true, "cache.m5.8xlarge": false, "cache.t4g.large": false, "cache.t4g.24xlarge": false,
		"cache.m7g.micro": false, "cache.r7g.3xlarge": false, "cache.c7gn.24xlarge": false,
		"cache.t2.micro": false, "cache.m3.large": false, "cache.r6gd.xlarge": false, "cache.t4g": false,
		"db.t4g.micro": false, "t4g.micro": false, "": false,
	} {
		assert.Equal(t, runs, engine.CheckNodeType("8.0", nodeType) == nil, nodeType)
	}
}

func TestARefusalListsTheAlternatives(t *testing.T) {
	t.Parallel()

	for nodeType, listed := range map[string]string{
		"cache.t4g.24xlarge": "micro, small, medium",
		"cache.z9.large":     "c7gn, m5,",
		"t4g.micro":          "cache.t4g.micro",
	} {
		assert.ErrorContains(t, engine.CheckNodeType("8.0", nodeType), listed)
	}
}

func TestKnownVersionsShareAFamily(t *testing.T) {
	t.Parallel()

	for _, version := range engine.Known() {
		assert.Equal(t, engine.Family, "valkey"+version[:1], version)
	}
}

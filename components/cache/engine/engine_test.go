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
		"cache.t2.micro": false, "cache.m3.large": false, "cache.r6gd.xlarge": false, "cache.t4g": false,
		"db.t4g.micro": false, "t4g.micro": false, "": false,
	} {
		assert.Equal(t, runs, engine.CheckNodeType("8.0", nodeType) == nil, nodeType)
	}
}

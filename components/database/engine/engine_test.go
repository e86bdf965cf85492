package engine_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/database/engine"
)

func TestClasses(t *testing.T) {
	t.Parallel()

	for class, runs := range map[string]bool{
		"db.t4g.micro": true, "db.t4g.small": true, "db.m7g.2xlarge": true, "db.r6id.32xlarge": true, "db.x2g.large": true,
		"db.t2.micro": false, "db.m4.large": false, "db.r4.xlarge": false, "db.t4g": false, "db.t4g.huge": false,
		"t4g.micro": false, "cache.t4g.micro": false, "": false,
	} {
		assert.Equal(t, runs, engine.CheckClass("8.4", class) == nil, class)
	}
}

func TestEachKnownVersionHasAFamily(t *testing.T) {
	t.Parallel()

	assert.Equal(t, []string{"8.4"}, engine.Known())
	assert.Equal(t, "mysql8.4", engine.Family("8.4"))
}

func TestParametersThatAreNotForChoice(t *testing.T) {
	t.Parallel()

	for name, free := range map[string]bool{
		"max_connections": true, "long_query_time": true,
		"require_secure_transport": false, "slow_query_log": false, "log_output": false,
	} {
		assert.Equal(t, free, engine.CheckParameter(name) == nil, name)
	}
}

package engine_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/database/engine"
)

func TestClasses(t *testing.T) {
	t.Parallel()

	for class, runs := range map[string]bool{
		"db.t4g.micro": true, "db.t4g.small": true, "db.m7g.2xlarge": true, "db.r6id.32xlarge": true, "db.x2g.large": true,
		"db.t4g.2xlarge": true, "db.t4g.4xlarge": false, "db.t4g.16xlarge": false, "db.t3.8xlarge": false,
		"db.m5d.24xlarge": true, "db.m5d.32xlarge": false, "db.m7g.16xlarge": true, "db.m7g.24xlarge": false,
		"db.m7g.micro": false, "db.m7g.medium": false, "db.r7g.3xlarge": false, "db.m8g.48xlarge": true,
		"db.m8g.32xlarge": false, "db.x2idn.16xlarge": true, "db.x2idn.large": false, "db.x2idn.8xlarge": false,
		"db.x2idn.32xlarge": true, "db.x2iedn.xlarge": true, "db.x2iedn.8xlarge": true, "db.x2iedn.16xlarge": true,
		"db.x2iedn.large": false, "db.x2iedn.12xlarge": false, "db.m5.metal": false,
		"db.t2.micro": false, "db.m4.large": false, "db.r4.xlarge": false, "db.t4g": false, "db.t4g.huge": false,
		"t4g.micro": false, "cache.t4g.micro": false, "": false,
	} {
		assert.Equal(t, runs, engine.CheckClass("8.4", class) == nil, class)
	}
}

func TestARefusalListsTheAlternatives(t *testing.T) {
	t.Parallel()

	for class, listed := range map[string]string{
		"db.t4g.16xlarge": "micro, small, medium, large, xlarge, 2xlarge",
		"db.z9.large":     "m5, m5d, m6g,",
		"t4g.micro":       "db.t4g.micro",
	} {
		assert.ErrorContains(t, engine.CheckClass("8.4", class), listed)
	}
}

func TestEachKnownVersionHasAFamily(t *testing.T) {
	t.Parallel()

	assert.Equal(t, []string{"8.4"}, engine.Known())
	assert.Equal(t, "mysql8.4", engine.Family("8.4"))
}

func TestReservedAndStaticParametersAreRefused(t *testing.T) {
	t.Parallel()

	for name, free := range map[string]bool{
		"max_connections": true, "long_query_time": true, "innodb_buffer_pool_size": true, "table_open_cache": true,
		"performance_schema": false, "innodb_read_io_threads": false, "lower_case_table_names": false, "tls_version": false,
		"require_secure_transport": false, "slow_query_log": false, "log_output": false,
	} {
		assert.Equal(t, free, engine.CheckParameter(name) == nil, name)
	}

	require.ErrorContains(t, engine.CheckParameter("log_output"), "slow queries")
	assert.ErrorContains(t, engine.CheckParameter("performance_schema"), "restart")
}

func TestValuesOfParameters(t *testing.T) {
	t.Parallel()

	for name, values := range map[string]struct{ accepted, refused string }{
		"max_connections":  {"100000", "100001"},
		"wait_timeout":     {"1", "0"},
		"long_query_time":  {"0.5", "soon"},
		"binlog_row_image": {"noblob", "FULL"},
		"tls_version":      {"TLSv1.2,TLSv1.3", "TLSv1.2,TLSv1.1"},
	} {
		assert.True(t, engine.ValuesOf(name).Accept(values.accepted), name)
		assert.False(t, engine.ValuesOf(name).Accept(values.refused), name)
	}

	for _, name := range []string{"sql_mode", "unknown_to_the_facts"} {
		assert.True(t, engine.ValuesOf(name).Accept("anything"), name)
	}

	assert.True(t, engine.ValuesOf("max_connections").Accept("{DBInstanceClassMemory/12582880}"))
}

package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
)

func TestAParameterThatThePlatformDoesNotKnowCausesAWarning(t *testing.T) {
	t.Parallel()

	const parameters = "platform:database.parameters"

	for name, test := range map[string]struct {
		given map[string]any
		want  []string
	}{
		"known": {map[string]any{"wait_timeout": "60"}, nil},
		"misspelt": {map[string]any{"wait_timout": "60"}, []string{
			"did you mean wait_timeout?", "--path '" + parameters + ".wait_timeout' 60",
			config.RemoveCommand("staging", parameters+".wait_timout"),
		}},
		"misspelt beside the right one": {map[string]any{"wait_timout": "60", "wait_timeout": "60"}, []string{
			parameters + ".wait_timout", "make doctor STACK=staging",
		}},
		"of RDS itself": {map[string]any{"rds.optimized_writes": "AUTO"}, []string{
			parameters + `["rds.optimized_writes"]`, "make doctor STACK=staging",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := configuration(t, "staging", nil)
			warnings := warningsOf(t, "staging",
				configuration(t, "staging", changed(t, values, parameters, test.given)), now())

			if test.want == nil {
				assert.Empty(t, warnings)

				return
			}

			require.Len(t, warnings, 1)

			for _, want := range test.want {
				assert.Contains(t, warnings[0], want)
			}
		})
	}
}

// Control D0.
func TestADatabaseTooSmallForIAMLoginsCausesAWarning(t *testing.T) {
	t.Parallel()

	const (
		class = "platform:database.instanceClass"
		pool  = "platform:database.parameters.innodb_buffer_pool_size"
	)

	for name, test := range map[string]struct {
		path  string
		value any
		want  []string
	}{
		"as committed": {class, "db.t4g.small", nil},
		"too small":    {class, "db.t4g.micro", []string{class, config.SetCommand("staging", class, "db.t4g.small")}},
		"a pool that leaves too little": {
			pool, "1610612736", []string{pool, config.RemoveCommand("staging", pool)},
		},
		"a pool that leaves enough": {pool, "536870912", nil},
		"an unknown formula":        {pool, "GREATEST({DBInstanceClassMemory/9},1)", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := configuration(t, "staging", nil)
			warnings := warningsOf(t, "staging", configuration(t, "staging", changed(t, values, test.path, test.value)), now())

			if test.want == nil {
				assert.Empty(t, warnings)

				return
			}

			require.Len(t, warnings, 1)

			for _, want := range test.want {
				assert.Contains(t, warnings[0], want)
			}
		})
	}
}

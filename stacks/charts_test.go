package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks"
)

func TestAnApplicationNeedsTheStoresOfItsChart(t *testing.T) {
	t.Parallel()

	const path = "platform:apps.flights.needs"

	unknown := config.RemoveCommand("sandbox", path+"[1]")
	set := config.SetCommand("sandbox", path+"[0]", "mysql")
	both := config.RemoveCommand("sandbox", path) + " && " + set

	for name, test := range map[string]struct {
		needs []any
		want  map[string]string
	}{
		"as committed":   {[]any{"mysql"}, nil},
		"one more":       {[]any{"mysql", "redis"}, map[string]string{path: both}},
		"none":           {[]any{}, map[string]string{path: set}},
		"another":        {[]any{"redis"}, map[string]string{path: both}},
		"an unknown one": {[]any{"mysql", "mongo"}, map[string]string{path + "[1]": unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := stacks.Load("sandbox", configuration(t, "sandbox", withSetting(t, path, test.needs)), project, now())
			if test.want == nil {
				require.NoError(t, err)

				return
			}

			assert.Equal(t, test.want, fixes(t, err))
		})
	}
}

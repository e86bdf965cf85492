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

	rm := config.RemoveCommand("sandbox", path+"[1]")
	set := config.SetCommand("sandbox", path+"[0]", "mysql")

	for name, test := range map[string]struct {
		needs []any
		want  map[string]string
	}{
		"as committed":   {[]any{"mysql"}, nil},
		"one more":       {[]any{"mysql", "redis"}, map[string]string{path + "[1]": rm}},
		"none":           {[]any{}, map[string]string{path: set}},
		"another":        {[]any{"redis"}, map[string]string{path + "[0]": set}},
		"an unknown one": {[]any{"mysql", "mongo"}, map[string]string{path + "[1]": rm}},
		"an unknown first": {
			[]any{"mongo", "mysql"}, map[string]string{path + "[0]": config.RemoveCommand("sandbox", path+"[0]")},
		},
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

package settings_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/stacks/settings"
)

func FuzzLoadNeverPanics(f *testing.F) {
	texts := []string{
		`{}`, `[]`, `null`, `"x"`, `{"zones": [null, {"a": []}]}`, `{"": {"[": 1}}`, `{"a.b]": 1e999}`, `{} {}`,
	}
	for _, text := range texts {
		for name := range correct() {
			f.Add(name, text)
		}

		f.Add("", text)
		f.Add("platform:x[", text)
	}

	f.Fuzz(func(t *testing.T, name, text string) {
		config := correct()
		config[name] = text

		loaded, problems := settings.Load(stack, config, neighbours())
		_, again := settings.Load(stack, config, neighbours())

		assert.Equal(t, problems, again, "the same configuration has the same problems")

		if len(problems) == 0 {
			assert.True(t, loaded.Network.CIDR.IsValid())
			assert.GreaterOrEqual(t, len(loaded.Network.Zones), 2)
		}
	})
}

package settings_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/stacks/settings"
)

func TestEnvironmentMistakes(t *testing.T) {
	t.Parallel()

	of := ofSection("platform:environment")

	checkMistakes(t, map[string]mistake{
		"a string":      of("protect", `"no"`, `"no"`, "true or false", "false"),
		"no class":      of("class", "", "nothing", "disposable or durable", "durable"),
		"a misspelling": of("class", `"disposible"`, `"disposible"`, "did you mean disposable?", "disposable"),
		"another class": of("class", `"production"`, `"production"`, "disposable or durable", "durable"),
		"a list":        of("class", `["durable"]`, `["durable"]`, "disposable or durable", "durable"),
	})
}

func TestAnEnvironmentsNameFitsTheNamesOfItsResources(t *testing.T) {
	t.Parallel()

	for name, fix := range map[string]string{
		"production": "", "p": "", "pre-production": "", "eu1": "",
		"production-europe": "production-eur", "pre-productions": "pre-production", "long-production-1": "long-productio",
		"Production": "production", "pre_production": "pre-production", "2nd": "nd", "a--b": "a-b", "-a": "a", "a-": "a",
		"": "production", "é": "production",
	} {
		values := of(t, name, nil)
		_, problems := settings.Load(name, values, neighbours())

		if fix == "" {
			assert.Empty(t, problems, name)
			assert.Empty(t, settings.CheckName(name, nil), name)

			continue
		}

		require.Len(t, problems, 1, name)
		assert.Equal(t, "stack", problems[0].Path)
		assert.Contains(t, problems[0].Expected, "at most 14 characters")
		assert.Equal(t, "make environment NAME="+fix+" LIKE="+name, problems[0].Fix)
		assert.Empty(t, settings.CheckName(fix, nil), "the fix of %s", name)
	}
}

// The account's policies grant privileges on all names with a prefix: infra/bootstrap/settings refuses such names, too.
func TestAnEnvironmentOwnsThePrefixOfItsNames(t *testing.T) {
	t.Parallel()

	for name, fix := range map[string]string{
		"platform": "production", "platform-eu": "eu", "aws": "production", "aws-eu": "eu", "first-eu": "eu",
		"first-2": "production",
	} {
		_, problems := settings.Load(name, of(t, name, nil), neighbours())

		require.Len(t, problems, 1, name)
		assert.Contains(t, problems[0].Expected, "does not start with")
		assert.Equal(t, "make environment NAME="+fix+" LIKE="+name, problems[0].Fix)
	}

	for _, name := range []string{"platforms", "first", "firsts", "fir"} {
		_, problems := settings.Load(name, of(t, name, nil), neighbours())
		assert.Empty(t, problems, name)
	}
}

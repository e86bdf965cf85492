package settings_test

import (
	"testing"
)

func TestEnvironmentMistakes(t *testing.T) {
	t.Parallel()

	of := ofSection("platform:environment")

	made := of("protect", `"no"`, `"no"`, "true or false", "")
	made.values = map[string]string{"platform:environment": `{"protect": "no"}`}

	checkMistakes(t, map[string]mistake{"a string": made})
}

package settings_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// AWS limits whole names, which contain the environment's name. The user's part gets the remaining characters.
func TestNamesFitTheLimitsOfAWS(t *testing.T) {
	t.Parallel()

	const long = "pre-production" // 14 characters

	for name, test := range map[string]struct {
		environment string
		// given is the setting, by its path. X stands for the name.
		path, given string
		longest     int
		at          string
	}{
		// "sandbox-" and twice the name with a dash between: the 64 characters of a role.
		"an application":           {stack, apps, `{"X": {"path": "/a"}}`, 27, apps + ".X"},
		"an application elsewhere": {long, apps, `{"X": {"path": "/a"}}`, 24, apps + ".X"},
		// "sandbox-", a dash, the zone, a dash and 26 digits: the 63 characters of a node group.
		"a kind of nodes":           {stack, cluster + ".nodes", named(kind("")), 26, cluster + ".nodes.X"},
		"a kind of nodes elsewhere": {long, cluster + ".nodes", named(kind("")), 19, cluster + ".nodes.X"},
		// "sandbox-kube-system-" starts the name of a role.
		"a service account": {
			stack, cluster + ".addons", addonOf("kube-system"), 44, cluster + ".addons.x.role.serviceAccount",
		},
		"a service account elsewhere": {
			long, cluster + ".addons", addonOf("storage"), 41, cluster + ".addons.x.role.serviceAccount",
		},
	} {
		load := func(length int) []string {
			given := strings.ReplaceAll(test.given, "X", strings.Repeat("a", length))
			_, problems := settings.Load(test.environment, of(t, test.environment, map[string]string{
				test.path: given,
			}), neighbours())

			return paths(problems)
		}

		assert.Empty(t, load(test.longest), name)

		tooLong := strings.ReplaceAll(test.at, "X", strings.Repeat("a", test.longest+1))
		assert.Equal(t, []string{tooLong}, load(test.longest+1), name)
	}
}

// of returns the configuration of another environment.
func of(t *testing.T, environment string, values map[string]string) config.Values {
	t.Helper()

	changed := with(t, values)
	changed["aws:defaultTags"] = strings.ReplaceAll(changed["aws:defaultTags"], stack, environment)

	return changed
}

// named is one kind of nodes with the name X.
func named(kinds string) string { return strings.Replace(kinds, "general", "X", 1) }

// addonOf is an add-on with a service account X.
func addonOf(namespace string) string {
	return `{"x": {"role": {"namespace": "` + namespace + `", "serviceAccount": "X",
		"policies": ["arn:aws:iam::aws:policy/A"]}}}`
}

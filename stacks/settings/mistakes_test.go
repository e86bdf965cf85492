package settings_test

import (
	"encoding/json"
	"maps"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	engine "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// stack is the stack whose settings the tests load.
const stack = "sandbox"

// mistake is one mistake in an otherwise valid configuration.
type mistake struct {
	// values are JSON by path, which replace those of the valid configuration.
	values map[string]string
	// path and got are the fields of the one problem, and expected is an essential part of its text.
	path, got, expected string
	// fix is the end of the problem's command: a path and a value, or the path to remove.
	fix string
}

// checkMistakes asserts that each mistake causes one problem, whose command fixes it.
func checkMistakes(t *testing.T, mistakes map[string]mistake) {
	t.Helper()

	for name, test := range mistakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := with(t, test.values)
			_, problems := settings.Load(stack, values, neighbours())

			require.Len(t, problems, 1, problems.Error())
			assert.Equal(t, test.path, problems[0].Path)
			assert.Equal(t, test.got, problems[0].Got)
			assert.Contains(t, problems[0].Expected, test.expected)
			assert.True(t, strings.HasSuffix(problems[0].Fix, " --path "+test.fix), problems[0].Fix)

			fix := idForm.ReplaceAllString(problems[0].Fix, "$1-0a1b2c3d")
			_, remaining := settings.Load(stack, apply(t, values, fix), neighbours())
			assert.NotContains(t, paths(remaining), test.path, problems[0].Fix)
		})
	}
}

// idForm matches the ids that an operator must replace in a fix.
var idForm = regexp.MustCompile(`\b(vpc|subnet)-ID\b`)

// correct is a valid configuration.
func correct() config.Values {
	return config.Values{
		"aws:region":           "us-east-1",
		"aws:defaultTags":      `{"tags": {"Environment": "sandbox", "Project": "platform", "ManagedBy": "pulumi"}}`,
		"platform:environment": `{"class": "disposable"}`,
		"platform:network":     `{"cidr": "10.10.0.0/16", "zones": ["a", "b"]}`,
		"platform:cluster":     `{"version": "1.35", "admins": ["role/platform-deploy"], "nodes": ` + kind("") + `}`,

		"platform:database": `{"instanceClass": "db.t4g.micro"}`,
		"platform:cache":    `{"nodeType": "cache.t4g.micro"}`,
		"platform:gitops":   `{"revision": "main"}`,
		"platform:ingress":  `{}`,
	}
}

// neighbours are the other environments.
func neighbours() settings.Neighbours {
	return settings.Neighbours{
		"first":  netip.MustParsePrefix("10.20.0.0/16"),
		"second": netip.MustParsePrefix("10.30.0.0/17"),
	}
}

// with returns the valid configuration with other values, which are JSON by path. An empty value removes the setting.
func with(t testing.TB, values map[string]string) config.Values {
	t.Helper()

	changed := correct()

	for path, value := range values {
		key, rest, nested := strings.Cut(path, ".")

		if !nested {
			maps.DeleteFunc(changed, func(name, _ string) bool { return name == key })

			if value != "" {
				changed[key] = value
			}

			continue
		}

		var section map[string]any
		require.NoError(t, json.Unmarshal([]byte(changed[key]), &section), key)

		if value == "" {
			delete(section, rest)
		} else {
			section[rest] = json.RawMessage(value)
		}

		text, err := json.Marshal(section)
		require.NoError(t, err, path)

		changed[key] = string(text)
	}

	return changed
}

// command matches the commands that fix settings.
var command = regexp.MustCompile(
	`^pulumi config (set|rm) --stack (\S+)(?: --type (string|float))? --path '([^']+)' ?(\S*|'[^']*')$`)

// apply runs the commands of a fix with the engine's own code.
func apply(t testing.TB, values config.Values, fix string) config.Values {
	t.Helper()

	stored := make(engine.Map)

	for name, text := range values {
		value := engine.NewValue(text)
		if strings.ContainsAny(text[:min(len(text), 1)], "[{") {
			value = engine.NewObjectValue(text)
		}

		require.NoError(t, stored.Set(engine.MustParseKey(name), value, false), name)
	}

	for one := range strings.SplitSeq(fix, " && ") {
		parts := command.FindStringSubmatch(one)
		require.NotNil(t, parts, "%q is a command that sets or removes a key", one)
		require.Equal(t, stack, parts[2], "the stack of %q", one)

		key, value := engine.MustParseKey(parts[4]), strings.Trim(parts[5], "'")
		if parts[1] == "rm" {
			require.Empty(t, value, "nothing follows the path in %q", one)
			require.NoError(t, stored.Remove(key, true), one)

			continue
		}

		require.NotEmpty(t, value, "a value in %q", one)

		kind := map[string]engine.Type{"string": engine.TypeString, "float": engine.TypeFloat}[parts[3]]
		require.NoError(t, stored.Set(key, engine.NewTypedValue(value, kind), true), one)
	}

	decrypted, err := stored.Decrypt(engine.NopDecrypter)
	require.NoError(t, err)

	changed := make(config.Values, len(decrypted))
	for key, text := range decrypted {
		changed[key.String()] = text
	}

	return changed
}

// remove is a mistake whose fix removes the setting, or a setting above it.
func remove(configured, json, at, got, want string) mistake {
	return mistake{map[string]string{configured: json}, configured + at, got, want, "'" + configured + at + "'"}
}

// listed is a single value instead of a list, whose fix is the list of it.
func listed(path, value, want string) mistake {
	return mistake{
		map[string]string{path: `"` + value + `"`},
		path, `"` + value + `"`, want,
		"'" + path + "' && pulumi config set --stack " + stack + " --path '" + path + "[0]' " + value,
	}
}

// ofSection returns a function that makes a mistake in one member of a section. right is the value in the fix.
func ofSection(section string) func(member, json, got, want, right string) mistake {
	return func(member, json, got, want, right string) mistake {
		path := section + "." + member

		fix := "'" + path + "'"
		if right != "" {
			fix += " " + right
		}

		return mistake{map[string]string{path: json}, path, got, want, fix}
	}
}

// paths returns the paths of problems.
func paths(problems config.Problems) []string {
	var found []string
	for _, problem := range problems {
		found = append(found, problem.Path)
	}

	return found
}

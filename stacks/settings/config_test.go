package settings_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"strings"
	"testing"

	engine "github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/stacks/settings"
)

// stack is the one whose settings the tests load.
const stack = "sandbox"

// correct is a configuration without a mistake.
func correct() settings.Config {
	return settings.Config{
		"aws:region":       "us-east-1",
		"aws:defaultTags":  `{"tags": {"Environment": "sandbox", "Project": "platform", "ManagedBy": "pulumi"}}`,
		"platform:network": `{"cidr": "10.10.0.0/16", "zones": ["a", "b"]}`,
		"platform:cluster": `{"version": "1.35", "admins": ["role/platform-deploy"]}`,

		"platform:database": `{"instanceClass": "db.t4g.micro"}`,
		"platform:cache":    `{"nodeType": "cache.t4g.micro"}`,
		"platform:gitops":   `{"revision": "main"}`,
		"platform:ingress":  `{}`,
	}
}

// with returns the correct configuration with other values, given as JSON by path. An empty value takes away
// what is there.
func with(t testing.TB, values map[string]string) settings.Config {
	t.Helper()

	config := correct()

	for path, value := range values {
		key, rest, nested := strings.Cut(path, ".")

		if !nested {
			maps.DeleteFunc(config, func(name, _ string) bool { return name == key })

			if value != "" {
				config[key] = value
			}

			continue
		}

		var section map[string]any
		require.NoError(t, json.Unmarshal([]byte(config[key]), &section), key)

		if value == "" {
			delete(section, rest)
		} else {
			section[rest] = json.RawMessage(value)
		}

		text, err := json.Marshal(section)
		require.NoError(t, err, path)

		config[key] = string(text)
	}

	return config
}

// command takes one of the two commands apart that mend settings.
var command = regexp.MustCompile(`^pulumi config (set|rm) --stack (\S+) --path '([^']+)' ?(\S*)$`)

// apply types the commands of a mend: the engine's own code changes the configuration.
func apply(t testing.TB, config settings.Config, mend string) settings.Config {
	t.Helper()

	stored := make(engine.Map)

	for name, text := range config {
		value := engine.NewValue(text)
		if strings.ContainsAny(text[:min(len(text), 1)], "[{") {
			value = engine.NewObjectValue(text)
		}

		require.NoError(t, stored.Set(engine.MustParseKey(name), value, false), name)
	}

	for one := range strings.SplitSeq(mend, " && ") {
		parts := command.FindStringSubmatch(one)
		require.NotNil(t, parts, "%q is a command that sets or removes a key", one)
		require.Equal(t, stack, parts[2], "the stack of %q", one)

		key := engine.MustParseKey(parts[3])
		if parts[1] == "rm" {
			require.Empty(t, parts[4], "nothing follows the path in %q", one)
			require.NoError(t, stored.Remove(key, true), one)

			continue
		}

		require.NotEmpty(t, parts[4], "a value in %q", one)
		require.NoError(t, stored.Set(key, engine.NewTypedValue(parts[4], engine.TypeUnknown), true), one)
	}

	mended, err := stored.Decrypt(engine.NopDecrypter)
	require.NoError(t, err)

	changed := make(settings.Config, len(mended))
	for key, text := range mended {
		changed[key.String()] = text
	}

	return changed
}

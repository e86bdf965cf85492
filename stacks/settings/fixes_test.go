package settings_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// pasted runs the fixes of all problems in the printed order.
func pasted(t *testing.T, values config.Values) config.Values {
	t.Helper()

	_, problems := settings.Load(stack, values, neighbours())
	for _, problem := range problems {
		values = apply(t, values, problem.Fix)
	}

	return values
}

// Running the fixes of a few rounds results in valid settings.
func TestFixesLeadToValidSettings(t *testing.T) {
	t.Parallel()

	const enough = 5

	for name, start := range map[string]config.Values{
		"nothing": {},
		"everything wrong": {
			"aws:region": "x", "aws:defaultTags": "[]", "platform:network": `{"zones": "a", "natt": 1, "cidr": []}`,
			"other:key": "x",
		},
		"everything wrong in the cluster": with(t, map[string]string{
			"platform:network.nat": `"none"`,
			"platform:cluster": `{"version": 1.3, "admins": "x", "viewers": ["x", "role/a", "role/a"],
				"publicAccessCidrs": ["::/0", "10.1.2.3/8", "10.0.0.0/8"], "addons": {"coredns": {"role": {}}},
				"nodes": {"A": {}, "b": {"capacity": "spot", "taints": [{}]}, "c": {"instanceType": "t4g.medium"}}}`,
		}),
		"nodes that are no object":  with(t, map[string]string{cluster + ".nodes": `"general"`}),
		"too many nodes":            with(t, map[string]string{cluster + ".nodes": kind(`, "min": 500, "max": 500`)}),
		"zones without a letter":    with(t, map[string]string{"platform:network.zones": `["x", "x", {}]`}),
		"one zone, and a wrong one": with(t, map[string]string{"platform:network.zones": `["x"]`}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := start

			for range enough {
				values = pasted(t, values)
			}

			_, problems := settings.Load(stack, values, neighbours())
			assert.Empty(t, problems, "after %d rounds", enough)
		})
	}
}

// A removal moves the elements after it, so the order of the fixes matters.
func TestFixesKeepTheValidElementsOfAList(t *testing.T) {
	t.Parallel()

	const ranges, admins = cluster + ".publicAccessCidrs", cluster + ".admins"

	for name, test := range map[string]struct{ path, json, want string }{
		"removed ones first": {
			ranges, `["10.0.0.0/8", "100.64.0.0/10", "203.0.113.7/32", "198.51.100.0/24"]`,
			`["203.0.113.7/32", "198.51.100.0/24"]`,
		},
		"removed and set": {
			ranges, `["2a01:4f8::/29", "here", "203.0.113.7/24"]`, `["203.0.113.0/24"]`,
		},
		"more than ten": {
			admins, `[":", "role/a", "role/b", "role/c", "role/d", "role/e", "role/f", "role/g", "role/h", ":", "x:", "role/i"]`,
			`["role/a", "role/b", "role/c", "role/d", "role/e", "role/f", "role/g", "role/h", "role/i"]`,
		},
		"a part of one, and another": {
			cluster + ".nodes", kind(`, "taints": [1, {"key": "a b", "effect": "PreferNoSchedule"}]`),
			kind(`, "taints": [{"key": "a-b", "effect": "PreferNoSchedule"}]`),
		},
		"the whole list": {
			cluster + ".nodes", kind(`, "taints": [{"key": "a b", "effect": "NoSchedule"}]`), kind(""),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := pasted(t, with(t, map[string]string{test.path: test.json}))
			_, problems := settings.Load(stack, values, neighbours())

			require.Empty(t, problems)
			assert.JSONEq(t, with(t, map[string]string{test.path: test.want})[cluster], values[cluster])
		})
	}
}

// No fix changes what the user meant.
func TestFixesKeepTheMeaning(t *testing.T) {
	t.Parallel()

	const admins = cluster + ".admins"

	for name, test := range map[string]struct{ given, want map[string]string }{
		"a word for a boolean, under a misspelt key": {
			map[string]string{"platform:database.multiAZ": `"yes"`}, map[string]string{"platform:database.multiAz": `true`},
		},
		"EKS's word for spot": {
			map[string]string{cluster + ".nodes": kind(`, "capacity": "SPOT", "instanceTypes": ["t4g.medium", "t4g.large"]`)},
			map[string]string{cluster + ".nodes": kind(`, "capacity": "spot", "instanceTypes": ["t4g.medium", "t4g.large"]`)},
		},
		"a size with its unit": {
			map[string]string{"platform:database.storageGiB": `"50GB"`}, map[string]string{"platform:database.storageGiB": `50`},
		},
		"principals in one text": {
			map[string]string{admins: `"role/platform-deploy, role/Developer"`},
			map[string]string{admins: `["role/platform-deploy", "role/Developer"]`},
		},
		"a session": {
			map[string]string{admins: `["arn:aws:sts::123456789012:assumed-role/Developer/anna"]`},
			map[string]string{admins: `["role/Developer"]`},
		},
		"a role's name": {map[string]string{admins: `["Developer"]`}, map[string]string{admins: `["role/Developer"]`}},
		"another region's digit": {
			map[string]string{"aws:region": `eu-west-33`}, map[string]string{"aws:region": `eu-west-3`},
		},
		"too few nodes for a highly available Argo CD": {
			map[string]string{"platform:gitops.highlyAvailable": `true`},
			map[string]string{"platform:gitops.highlyAvailable": `true`, cluster + ".nodes": kind(`, "min": 2`)},
		},
		"labels that a node may not have": {
			map[string]string{cluster + ".nodes": kind(`, "labels": {"node-role.kubernetes.io/worker": "", "a b": "c d"}`)},
			map[string]string{cluster + ".nodes": kind(`, "labels": {"node.kubernetes.io/worker": "present", "a-b": "c-d"}`)},
		},
		"the type of processor": {
			map[string]string{cluster + ".nodes": kind(`, "instanceTypes": ["m7i.large"]`)},
			map[string]string{cluster + ".nodes": kind(`, "instanceTypes": ["m7i.large"], "architecture": "amd64"`)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			want := with(t, test.want)
			for key, value := range pasted(t, with(t, test.given)) {
				if json.Valid([]byte(want[key])) {
					assert.JSONEq(t, want[key], value, key)
				} else {
					assert.Equal(t, want[key], value, key)
				}
			}
		})
	}
}

// The CLI keeps the quotes of a value that it replaces, so that the boolean would be a text again.
func TestABooleanOrNumberReplacesATextThatIsRemovedFirst(t *testing.T) {
	t.Parallel()

	const addons = cluster + ".addons"

	for path, given := range map[string]map[string]string{
		"platform:gitops.prune":                 {"platform:gitops.prune": `"false"`},
		cluster + ".nodes.general.min":          {cluster + ".nodes": kind(`, "min": "1"`)},
		addons + ".coredns.values.replicaCount": {addons: `{"coredns": {"values": {"replicaCount": "3"}}}`},
	} {
		_, problems := settings.Load(stack, with(t, given), neighbours())
		require.Len(t, problems, 1, path)
		assert.True(t, strings.HasPrefix(problems[0].Fix, config.RemoveCommand(stack, path)+" && "), problems[0].Fix)
	}
}

// YAML reads 012345670123 as octal. Without the id, the program could deploy to another account.
func TestNoFixRemovesAnAccountIDThatLostItsDigits(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{"aws:allowedAccountIds": `[1402433619]`}), neighbours())

	require.Len(t, problems, 1, problems.Error())
	assert.Equal(t, "aws:allowedAccountIds[0]", problems[0].Path)
	assert.NotContains(t, problems[0].Fix, "config rm")
}

// What the user has written is kept under the key that was meant.
func TestTheFixOfAMisspeltKeyRenamesIt(t *testing.T) {
	t.Parallel()

	general := `{"general": {"instanceTypes": ["t4g.medium", "t4g.large"], "MIN": 2, "maxSize": 3, "label": ` +
		`{"a": "true", "b": "x", "c.d": "012"}}}`

	for name, test := range map[string]struct{ given, want map[string]string }{
		"a section": {
			map[string]string{
				"platform:network": "", "platform:netwrk": `{"cidr": "10.55.0.0/16", "zones": ["c", "d"], "natt": "perZone"}`,
			},
			map[string]string{"platform:network": `{"cidr": "10.55.0.0/16", "zones": ["c", "d"], "nat": "perZone"}`},
		},
		"the case of letters": {
			map[string]string{"platform:database.multiAZ": `true`}, map[string]string{"platform:database.multiAz": `true`},
		},
		"the start of a key": {
			map[string]string{"platform:gitops.repo": `"https://example.com/a/b"`},
			map[string]string{"platform:gitops.repository": `"https://example.com/a/b"`},
		},
		"a list": {
			map[string]string{cluster + ".publicAccessCIDRs": `["203.0.113.7/32", "198.51.100.0/24"]`},
			map[string]string{cluster + ".publicAccessCidrs": `["203.0.113.7/32", "198.51.100.0/24"]`},
		},
		"numbers and strings that look like other types": {
			map[string]string{cluster + ".nodes": general},
			map[string]string{cluster + ".nodes": strings.NewReplacer("MIN", "min", "maxSize", "max", "label", "labels").
				Replace(general)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			values := pasted(t, with(t, test.given))
			_, problems := settings.Load(stack, values, neighbours())
			require.Empty(t, problems)

			want := with(t, test.want)
			require.Len(t, values, len(want))

			for key := range want {
				if strings.HasPrefix(want[key], "{") {
					assert.JSONEq(t, want[key], values[key])
				}
			}
		})
	}
}

func TestAMisspeltKeyIsRemovedIfTheMeantOneIsSet(t *testing.T) {
	t.Parallel()

	values := with(t, map[string]string{"platform:netwrk": `{"cidr": "10.55.0.0/16"}`})
	assert.Equal(t, correct()["platform:network"], pasted(t, values)["platform:network"])
}

// No command can write these values, or may print them.
func TestAMisspeltKeyWithASecretIsRenamedByHand(t *testing.T) {
	t.Parallel()

	for _, value := range []string{`{"secure": "v1:x:y"}`, `["a", {}]`, `[null]`} {
		_, problems := settings.Load(stack, with(t, map[string]string{"platform:gitops.repositry": value}), neighbours())
		require.NotEmpty(t, problems)
		assert.Contains(t, problems[0].Fix, "Pulumi.sandbox.yaml")
		assert.NotContains(t, problems[0].Fix, "v1:x:y")
	}
}

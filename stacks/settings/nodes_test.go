package settings_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// kind returns the node kind general with members added or changed.
func kind(members string) string {
	return `{"general": {"instanceTypes": ["t4g.medium", "t4g.large"], "min": 1, "max": 2` + members + `}}`
}

func TestKindMistakes(t *testing.T) {
	t.Parallel()

	const (
		path = cluster + ".nodes"
		name = "at most 26"
	)

	named := func(text, at string) mistake {
		const correct = `{"instanceTypes":["t4g.medium"],"max":1,"min":1}`

		return remove(path, `{"`+text+`": `+correct+`}`, at, correct, name)
	}

	checkMistakes(t, map[string]mistake{
		"capitalised":        named("General", ".General"),
		"with an underscore": named("gpu_nodes", ".gpu_nodes"),
		"with two dashes":    named("a--b", ".a--b"),
		"a digit first":      named("4cpu", ".4cpu"),
		"a dot in it":        named("a.b", `["a.b"]`),
		"empty":              named("", `[""]`),
		"too long":           named(strings.Repeat("a", 27), "."+strings.Repeat("a", 27)),
		"a list":             remove(path, `{"general": []}`, ".general", `[]`, "object of architecture, capacity, diskGiB"),
		"a type":             remove(path, `{"general": "t4g.medium"}`, ".general", `"t4g.medium"`, "an object of"),
		"a misspelt member": {
			map[string]string{path: kind(`, "instanceType": "t4g.medium"`)},
			path + ".general.instanceType", `"t4g.medium"`,
			"platform:cluster.nodes.general.instanceTypes?", "'platform:cluster.nodes.general.instanceType'",
		},
		"an unknown member": remove(path, kind(`, "colour": 1`), ".general.colour", `1`, ""),
	})
}

func TestNodeMistakes(t *testing.T) {
	t.Parallel()

	const general = cluster + ".nodes.general"

	// In JSON, the last of two members with the same name counts.
	member := func(name, json, at, got, want, fix string) mistake {
		at = general + "." + name + at
		values := map[string]string{cluster + ".nodes": kind(`, "` + name + `": ` + json)}

		return mistake{values, at, got, want, strings.TrimRight("'"+at+"' "+fix, " ")}
	}
	types := func(json, at, got, want, fix string) mistake {
		return member("instanceTypes", json, at, got, want, fix)
	}

	checkMistakes(t, map[string]mistake{
		"string as types": {
			map[string]string{cluster + ".nodes": kind(`, "instanceTypes": "t4g.medium"`)},
			general + ".instanceTypes",
			`"t4g.medium"`, "a list of EC2 instance types", "'" + general + ".instanceTypes[0]' t4g.medium",
		},
		"no types":       types(`[]`, "[0]", "nothing", "at least one", "t4g.medium"),
		"no type":        types(`["t4g.medium", "big"]`, "[1]", `"big"`, "instance type", "t4g.large"),
		"object as type": types(`[{}]`, "[0]", `{}`, "an EC2 instance type", "t4g.medium"),
		"type twice":     types(`["m7g.large", "m7g.large"]`, "[1]", `"m7g.large"`, "not in the list", "t4g.medium"),
		"another's type": types(`["m7g.large", "m7i.large"]`, "[1]", `"m7i.large"`, "an arm64 type", "t4g.medium"),
		"others' types": {
			member("instanceTypes", `["m7i.large"]`, "", "", "", "").values, general + ".architecture", "nothing",
			"amd64, the architecture", "'" + general + ".architecture' amd64",
		},
		"architecture":       member("architecture", `"x86"`, "", `"x86"`, "arm64 or amd64", "arm64"),
		"list, architecture": member("architecture", `["arm64"]`, "", `["arm64"]`, "arm64 or amd64", ""),
		"capacity":           member("capacity", `"ondemand"`, "", `"ondemand"`, "onDemand or spot", "onDemand"),
		"true as capacity":   member("capacity", `true`, "", `true`, "onDemand or spot", ""),
		"one spot type": {
			map[string]string{cluster + ".nodes": kind(`, "capacity": "spot", "instanceTypes": ["t4g.large"]`)},
			general + ".instanceTypes[1]", "nothing", "at least two", "'" + general + ".instanceTypes[1]' m6g.large",
		},
		"no nodes":           member("min", `0`, "", `0`, "at least one node", "1"),
		"negative minimum":   member("min", `-1`, "", `-1`, "from 0 to 450", "1"),
		"string as minimum":  member("min", `"1"`, "", `"1"`, "number of nodes in each zone", "1"),
		"fraction of a node": member("min", `1.5`, "", `1.5`, "number of nodes in each zone", "1"),
		"less than minimum":  member("max", `0`, "", `0`, "from min (1) to 450", "1"),
		"string as maximum":  member("max", `"2"`, "", `"2"`, "a number of nodes in each zone", "1"),
		"too many nodes":     member("max", `451`, "", `451`, "from min (1) to 450", "1"),
		"a small disk":       member("diskGiB", `19`, "", `19`, "from 20 to 16384", "20"),
		"a large disk":       member("diskGiB", `16385`, "", `16385`, "from 20 to 16384", "20"),
		"string as disk":     member("diskGiB", `"20Gi"`, "", `"20Gi"`, "a whole number of GiB", "20"),
		"list of labels":     member("labels", `["a"]`, "", `["a"]`, "an object of labels", ""),
		"boolean as label":   member("labels", `{"gpu": true}`, ".gpu", `true`, "in quotes", "true"),
		"object as label":    member("labels", `{"a.b/c": {}}`, `["a.b/c"]`, `{}`, "in quotes", ""),
	})
}

func TestTaintMistakes(t *testing.T) {
	t.Parallel()

	const (
		nodes = cluster + ".nodes"
		at    = ".special.taints"
		key   = `"key": "dedicated"`
		given = key + `, "effect": "NoSchedule"`
		ok    = `{` + given + `}`
	)

	// Besides this kind, there is one without taints.
	special := func(taints string) string {
		return strings.TrimSuffix(kind(""), "}") +
			`, "special": {"instanceTypes": ["t4g.medium"], "min": 1, "max": 1, "taints": ` + taints + `}}`
	}
	set := func(taint, at, got, want, value string) mistake {
		return mistake{
			map[string]string{nodes: special("[" + ok + ", " + taint + "]")},
			nodes + at, got, want, "'" + nodes + at + "' " + value,
		}
	}

	checkMistakes(t, map[string]mistake{
		"string":        remove(nodes, special(`"gpu"`), at, `"gpu"`, "a list of taints"),
		"string in it":  remove(nodes, special(`["gpu"]`), at+"[0]", `"gpu"`, "an object of effect, key, value"),
		"unknown key":   remove(nodes, special(`[{`+given+`, "x": 1}]`), at+"[0].x", `1`, ""),
		"list as value": remove(nodes, special(`[{`+given+`, "value": []}]`), at+"[0].value", `[]`, "string"),
		"no key":        set(`{"effect": "NoExecute"}`, at+"[1].key", "nothing", "a key of at most", "dedicated"),
		"no effect":     set(`{`+key+`}`, at+"[1].effect", "nothing", "NoSchedule, Prefer", "NoSchedule"),
		"EKS's effect": set(`{`+key+`, "effect": "NO_SCHEDULE"}`, at+"[1].effect", `"NO_SCHEDULE"`,
			"NoSchedule, PreferNoSchedule or NoExecute", "NoSchedule"),
		"no effect, of the only kind": {
			map[string]string{nodes: kind(`, "taints": [{` + key + `}]`)},
			nodes + ".general.taints[0].effect", "nothing",
			"NoSchedule, Prefer", "'" + nodes + ".general.taints[0].effect' NoSchedule",
		},
		"of every kind": remove(nodes, kind(`, "taints": [`+ok+`]`), ".general.taints",
			`[{"effect":"NoSchedule","key":"dedicated"}]`, "add-ons run there"),
	})
}

func TestLabelAndTaintMistakes(t *testing.T) {
	t.Parallel()

	const general = cluster + ".nodes.general"

	label := func(key, value, at string) mistake {
		return remove(cluster+".nodes", kind(`, "labels": {"`+key+`": "`+value+`"}`), ".general.labels"+at, `"`+value+`"`, "")
	}
	value := func(given, fix string) mistake {
		made := label("team", given, `["team"]`)
		made.fix += " " + fix

		return made
	}
	// The kind's other taint accepts any pod.
	taint := func(members, at, got, fix string) mistake {
		const first = `{"key": "a", "effect": "PreferNoSchedule"}`

		at = general + ".taints[1]" + at
		nodes := kind(`, "taints": [` + first + `, {"effect": "PreferNoSchedule", ` + members + `}]`)

		return mistake{map[string]string{cluster + ".nodes": nodes}, at, got, "", "'" + at + "'" + fix}
	}

	checkMistakes(t, map[string]mistake{
		"a label of the control plane": label("node-role.kubernetes.io/worker", "x", `["node-role.kubernetes.io/worker"]`),
		"a label of EKS":               label("eks.amazonaws.com/x", "x", `["eks.amazonaws.com/x"]`),
		"a label with a space":         label("my team", "x", `["my team"]`),
		"no letter or digit":           label("_", "x", `["_"]`),
		"a value with a space":         value("data science", "data-science"),
		"a number with a space":        value("12 ", "12"),
		"an empty value":               value("", "present"),
		"a taint with a space":         taint(`"key": "data science"`, ".key", `"data science"`, " data-science"),
		"a taint of Kubernetes":        taint(`"key": "kubernetes.io/x"`, ".key", `"kubernetes.io/x"`, " x"),
		"a taint of punctuation":       taint(`"key": "?"`, ".key", `"?"`, " dedicated"),
		"a taint's value with a space": taint(`"key": "b", "value": "x y"`, ".value", `"x y"`, " x-y"),
		"a taint's value of spaces":    taint(`"key": "b", "value": "  "`, ".value", `"  "`, ""),
		"a taint twice": taint(`"key": "a", "value": "b"`, "",
			`{"effect":"PreferNoSchedule","key":"a","value":"b"}`, ""),
	})
}

func TestAMissingMinimumOfAcceleratedNodesIsNone(t *testing.T) {
	t.Parallel()

	for name, want := range map[string]string{"g5g.xlarge": "0", "t4g.large": "1"} {
		_, problems := settings.Load(stack, with(t, map[string]string{
			cluster + ".nodes": strings.TrimSuffix(kind(""), "}") +
				`, "special": {"instanceTypes": ["` + name + `"], "max": 1}}`,
		}), neighbours())

		require.Len(t, problems, 1)
		assert.Equal(t, config.SetCommand(stack, cluster+".nodes.special.min", want), problems[0].Fix)
	}
}

func TestAClusterHasNodes(t *testing.T) {
	t.Parallel()

	const path = cluster + ".nodes"

	for name, nodes := range map[string]string{"no section": "", "an empty section": `{}`, "a string": `"general"`} {
		_, problems := settings.Load(stack, with(t, map[string]string{path: nodes}), neighbours())
		require.Equal(t, []string{path}, paths(problems), name)
	}
}

func TestPreferNoScheduleAcceptsAnyPod(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{
		cluster + ".nodes": kind(`, "taints": [{"key": "a", "effect": "PreferNoSchedule"}]`),
	}), neighbours())
	assert.Empty(t, problems)
}

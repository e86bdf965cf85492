package settings_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/stacks/settings"
)

func TestAddonMistakes(t *testing.T) {
	t.Parallel()

	const path = cluster + ".addons"

	checkMistakes(t, map[string]mistake{
		"a version": remove(path, `{"coredns": "v1"}`, ".coredns", `"v1"`, "an object of role, values, version"),
		"upstream's version": remove(path, `{"coredns": {"version": "1.12.0"}}`, ".coredns.version", `"1.12.0"`,
			"v1.20.4-eksbuild.2"),
		"a number as version": remove(path, `{"coredns": {"version": 1}}`, ".coredns.version", `1`, "v1.20.4"),
		"a list as version":   remove(path, `{"coredns": {"version": []}}`, ".coredns.version", `[]`, "v1.20.4"),
		"a list of values":    remove(path, `{"coredns": {"values": []}}`, ".coredns.values", `[]`, "add-on's own schema"),
		"a misspelt member":   remove(path, `{"coredns": {"value": {}}}`, ".coredns.value", `{}`, "addons.coredns.values?"),
		"a dot in its name":   remove(path, `{"a.b": {"x": 1}}`, `["a.b"].x`, `1`, ""),
		"no policies": remove(path, `{"vpc-cni": {"values": {"enableNetworkPolicy": "false"}}}`,
			".vpc-cni.values.enableNetworkPolicy", `"false"`, "every pod reaches every store"),
		"nothing that enforces policies": remove(path, `{"vpc-cni": {"values": {"nodeAgent": {"enabled": "false"}}}}`,
			".vpc-cni.values.nodeAgent.enabled", `"false"`, "every pod reaches every store"),
		"policies as a boolean": {
			map[string]string{path: `{"vpc-cni": {"values": {"enableNetworkPolicy": true}}}`},
			path + ".vpc-cni.values.enableNetworkPolicy",
			`true`, "in quotes", "'" + path + ".vpc-cni.values.enableNetworkPolicy' true",
		},
		"a boolean as a variable": {
			map[string]string{path: `{"vpc-cni": {"values": {"env": {"X": "1", "ENABLE_POD_ENI": true}}}}`},
			path + ".vpc-cni.values.env.ENABLE_POD_ENI",
			`true`, "in quotes", "'" + path + ".vpc-cni.values.env.ENABLE_POD_ENI' true",
		},
		"an existing role": remove(path, `{"vpc-cni": {"role": {}}}`, ".vpc-cni.role", `{}`, "no role"),
		"a string as role": remove(path, `{"x": {"role": "admin"}}`, ".x.role", `"admin"`, "an object of namespace"),
	})
}

func TestAddonValuesOfAnotherType(t *testing.T) {
	t.Parallel()

	const path = cluster + ".addons"

	wrong := func(addon, values, at, got, want, fix string) mistake {
		at = path + "." + addon + ".values." + at

		set := map[string]string{path: `{"` + addon + `": {"values": ` + values + `}}`}

		return mistake{set, at, got, want, "'" + at + "'" + fix}
	}

	checkMistakes(t, map[string]mistake{
		"a number in quotes": wrong("coredns", `{"replicaCount": "3"}`, "replicaCount", `"3"`, "number", " 3"),
		"half a replica":     wrong("coredns", `{"replicaCount": 1.5}`, "replicaCount", `1.5`, "whole number", ""),
		"a number of processors": wrong("coredns", `{"resources": {"limits": {"cpu": 1}}}`, "resources.limits.cpu",
			`1`, "in quotes", " 1"),
		"a boolean in quotes": wrong("coredns", `{"autoScaling": {"enabled": "true"}}`, "autoScaling.enabled", `"true"`,
			"without quotes", " true"),
		"a word for a boolean": wrong("coredns", `{"autoScaling": {"enabled": "on"}}`, "autoScaling.enabled", `"on"`,
			"true or false", ""),
		"one toleration": wrong("coredns", `{"tolerations": {"key": "x"}}`, "tolerations", `{"key":"x"}`, "a list", ""),
		"a mode":         wrong("kube-proxy", `{"mode": true}`, "mode", `true`, "in quotes", " true"),
		"a label":        wrong("coredns", `{"nodeSelector": {"a.b/c": 1}}`, `nodeSelector["a.b/c"]`, `1`, "in quotes", " 1"),
	})

	_, problems := settings.Load(stack, with(t, map[string]string{path: `{
		"coredns": {"values": {"affinity": null, "replicaCount": 3, "newer": 1,
			"nodeSelector": {"kubernetes.io/arch": "arm64"}}},
		"metrics-server": {"values": {"replicas": "2"}}}`}),
		neighbours())
	assert.Empty(t, problems)
}

func TestAddonRoleMistakes(t *testing.T) {
	t.Parallel()

	const (
		path    = cluster + ".addons"
		policy  = "arn:aws:iam::aws:policy/AmazonEBSCSIDriverPolicy"
		account = `"serviceAccount": "x"`
		listed  = `"policies": ["` + policy + `"]`
		long    = "a23456789-123456789-123456789-123456789-12345" // one too many after "sandbox-kube-system-"
	)

	role := func(members, at, got, want string) mistake {
		return remove(path, `{"x": {"role": {`+members+`}}}`, ".x.role."+at, got, want)
	}
	// A role requires this member, so the fix removes the whole role.
	whole := func(members, at, got, want string) mistake {
		of := role(members, at, got, want)
		of.fix = "'" + path + ".x.role'"

		return of
	}

	checkMistakes(t, map[string]mistake{
		"without account":      whole(listed, "serviceAccount", "nothing", "service account"),
		"an uppercase account": whole(listed+`, "serviceAccount": "X"`, "serviceAccount", `"X"`, "service account"),
		"too long a role": whole(listed+`, "serviceAccount": "`+long+`"`, "serviceAccount", `"`+long+`"`,
			"at most 44"),
		"a list as account":    whole(listed+`, "serviceAccount": []`, "serviceAccount", `[]`, "service account"),
		"a bad namespace":      role(listed+`, `+account+`, "namespace": "a b"`, "namespace", `"a b"`, "namespace"),
		"without policies":     whole(account, "policies", "nothing", "at least one"),
		"an empty list":        whole(account+`, "policies": []`, "policies", `[]`, "at least one"),
		"a string as policies": whole(account+`, "policies": "`+policy+`"`, "policies", `"`+policy+`"`, "at least one"),
		"a policy's name": role(account+`, "policies": ["AmazonEBSCSIDriverPolicy"]`, "policies[0]",
			`"AmazonEBSCSIDriverPolicy"`, "the ARN of a managed policy"),
		"a role's ARN": role(account+`, "policies": ["`+policy+`", "arn:aws:iam::123456789012:role/x"]`, "policies[1]",
			`"arn:aws:iam::123456789012:role/x"`, "the ARN of a managed policy"),
		"a policy twice": role(account+`, "policies": ["`+policy+`", "`+policy+`"]`, "policies[1]", `"`+policy+`"`, policy),
		"two policies of one name": role(account+`, "policies": ["arn:aws:iam::aws:policy/a/P", "arn:aws:iam::aws:policy/P"]`,
			"policies[1]", `"arn:aws:iam::aws:policy/P"`, "arn:aws:iam::aws:policy/a/P"),
		"an unknown member": role(account+`, `+listed+`, "name": "x"`, "name", `"x"`, ""),
	})
}

func TestTheDefaultNamespaceOfAnAddonsRoleIsKubeSystem(t *testing.T) {
	t.Parallel()

	assert.Equal(t, "kube-system", settings.AddonRole{}.WithDefaults().Namespace)
	assert.Equal(t, settings.AddonRole{Namespace: "x", ServiceAccount: "y", Policies: []string{"z"}},
		settings.AddonRole{Namespace: "x", ServiceAccount: "y", Policies: []string{"z"}}.WithDefaults())
}

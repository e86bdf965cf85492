package settings_test

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	eks "github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/nodes"
	"github.com/msur/platform/internal/scope"
	"github.com/msur/platform/stacks/settings"
)

const cluster = "platform:cluster"

func TestClusterMistakes(t *testing.T) {
	t.Parallel()

	const path = cluster + ".version"

	version := func(json, got string) mistake {
		return mistake{map[string]string{path: json}, path, got, "in quotes, one of 1.34, 1.35", "'" + path + "' 1.35"}
	}

	checkMistakes(t, map[string]mistake{
		"without a version":          version("", "nothing"),
		"an unknown version":         version(`"1.12"`, `"1.12"`),
		"a patch of a version":       version(`"1.35.1"`, `"1.35.1"`),
		"a number that loses digits": version(`1.30`, `1.30`),
		"another number":             version(`135`, `135`),
		"a list as version":          version(`["1.35"]`, `["1.35"]`),
		"an empty version":           version(`""`, `""`),
		"a misspelt member":          remove(cluster+".nods", `{}`, "", `{}`, "platform:cluster.nodes?"),
		"an unknown member":          remove(cluster+".colour", `"red"`, "", `"red"`, ""),
		"a list as its nodes": {
			map[string]string{cluster + ".nodes": `[]`},
			cluster + ".nodes", `[]`, "at least one kind of nodes", "'" + cluster + ".nodes.general.max' 1",
		},
		"a number as its add-ons": remove(cluster+".addons", `5`, "", `5`, "add-ons, by name"),
	})
}

func TestNodeReleaseMistakes(t *testing.T) {
	t.Parallel()

	const (
		path = cluster + ".nodeRelease"
		form = "a patch version of Kubernetes and a date"
	)

	checkMistakes(t, map[string]mistake{
		"a date":            remove(path, `"20261120"`, "", `"20261120"`, form),
		"an image's name":   remove(path, `"v20261120"`, "", `"v20261120"`, form),
		"a number":          remove(path, `1.35`, "", `1.35`, form),
		"another minor's":   remove(path, `"1.34.7-20261120"`, "", `"1.34.7-20261120"`, "a release for Kubernetes 1.35"),
		"one without a day": remove(path, `"1.35.0-202611"`, "", `"1.35.0-202611"`, form),
	})
}

func TestPrincipalMistakes(t *testing.T) {
	t.Parallel()

	const (
		admins  = cluster + ".admins"
		viewers = cluster + ".viewers"
		audits  = cluster + ".auditors"
		form    = "role/<name> or user/<name>"
		once    = "admins["
	)

	checkMistakes(t, map[string]mistake{
		"a string as admins":   listed(admins, "role/deploy", "a list of IAM roles"),
		"an object as viewers": remove(viewers, `{}`, "", `{}`, "a list of IAM roles"),
		"an SSO role's name":   remove(admins, `["AWSReservedSSO_A_1"]`, "[0]", `"AWSReservedSSO_A_1"`, form),
		"a group":              remove(admins, `["role/a", "group/b"]`, "[1]", `"group/b"`, form),
		"an account's root": remove(viewers, `["arn:aws:iam::123456789012:root"]`, "[0]",
			`"arn:aws:iam::123456789012:root"`, form),
		"a role without a name": remove(admins, `["role/"]`, "[0]", `"role/"`, form),
		"a path without a name": remove(admins, `["role/a/"]`, "[0]", `"role/a/"`, form),
		"a list in it":          remove(admins, `[["role/a"]]`, "[0]", `["role/a"]`, form),
		"nothing in it":         remove(viewers, `[null]`, "[0]", "nothing", form),
		"twice":                 remove(admins, `["role/a", "user/b", "role/a"]`, "[2]", `"role/a"`, once),
		"a string as auditors":  listed(audits, "role/a", "a list of IAM roles"),
		"also an auditor":       remove(audits, `["role/platform-deploy"]`, "[0]", `"role/platform-deploy"`, once),
		"also a viewer":         remove(viewers, `["role/platform-deploy"]`, "[0]", `"role/platform-deploy"`, once),
		"the same with dashes":  remove(admins, `["role/a/b", "role/a-b"]`, "[1]", `"role/a-b"`, "admins[0]"),
		"the same in two accounts": remove(admins, `["role/a", "arn:aws:iam::210987654321:role/a"]`, "[1]",
			`"arn:aws:iam::210987654321:role/a"`, "admins[0]"),
	})
}

func TestPublicAccessMistakes(t *testing.T) {
	t.Parallel()

	const path = cluster + ".publicAccessCidrs"

	checkMistakes(t, map[string]mistake{
		"a string": listed(path, "203.0.113.0/24", "a list of IPv4 CIDRs"),
		"no CIDR":  remove(path, `["here"]`, "[0]", `"here"`, "an IPv4 CIDR"),
		"no prefix": {
			map[string]string{path: `["203.0.113.7"]`},
			path + "[0]", `"203.0.113.7"`, "an IPv4 CIDR",
			"'" + path + "[0]' 203.0.113.7/32",
		},
		"a number":        remove(path, `[203]`, "[0]", `203`, "an IPv4 CIDR"),
		"nothing in it":   remove(path, `["203.0.113.0/24", null]`, "[1]", "nothing", "an IPv4 CIDR"),
		"a VPC's":         remove(path, `["10.0.0.0/8"]`, "[0]", `"10.0.0.0/8"`, "addresses of the internet"),
		"a carrier's":     remove(path, `["100.64.0.0/10"]`, "[0]", `"100.64.0.0/10"`, "addresses of the internet"),
		"one machine's":   remove(path, `["127.0.0.0/8"]`, "[0]", `"127.0.0.0/8"`, "addresses of the internet"),
		"around one":      remove(path, `["8.0.0.0/5"]`, "[0]", `"8.0.0.0/5"`, "addresses of the internet"),
		"IPv6":            remove(path, `["2001:db8::/32"]`, "[0]", `"2001:db8::/32"`, "IPv4 addresses only"),
		"an IPv6 address": remove(path, `["2001:db8::1"]`, "[0]", `"2001:db8::1"`, "IPv4 addresses only"),
		"host bits": {
			map[string]string{path: `["198.51.100.0/24", "203.0.113.7/24"]`},
			path + "[1]", `"203.0.113.7/24"`,
			"first address of the range, 203.0.113.0/24", "'" + path + "[1]' 203.0.113.0/24",
		},
		"twice": remove(path, `["203.0.113.0/24", "203.0.113.0/24"]`, "[1]", `"203.0.113.0/24"`, "not in the list"),
	})
}

func TestMoreRangesThanEKSAcceptsAreRefused(t *testing.T) {
	t.Parallel()

	const path = cluster + ".publicAccessCidrs"

	load := func(count int) config.Problems {
		ranges := make([]string, count)
		for i := range ranges {
			ranges[i] = fmt.Sprintf("8.8.%d.0/24", i)
		}

		text, err := json.Marshal(ranges)
		require.NoError(t, err)

		_, problems := settings.Load(stack, with(t, map[string]string{path: string(text)}), neighbours())

		return problems
	}

	assert.Empty(t, load(40))
	assert.Equal(t, []string{path + "[41]", path + "[40]"}, paths(load(42)), "the last one is removed first")
}

func TestEveryFieldOfTheClusterIsRead(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, with(t, map[string]string{cluster: `{
		"version": "1.36",
		"admins": ["role/a", "user/ops/b", "arn:aws:iam::210987654321:role/c"],
		"auditors": ["role/e"],
		"viewers": ["role/d"],
		"publicAccessCidrs": ["203.0.113.0/24", "198.51.100.7/32"],
		"logTypes": [],
		"nodes": {"gpu-1": {
			"instanceTypes": ["m7i.large", "m7i.xlarge"], "architecture": "amd64", "capacity": "spot", "min": 2, "max": 3,
			"diskGiB": 50, "labels": {"example.com/gpu": "true", "size": 4},
			"taints": [{"key": "gpu", "value": "yes", "effect": "PreferNoSchedule"}]
		}},
		"addons": {"aws-ebs-csi-driver": {
			"version": "v1.20.4-eksbuild.2", "values": {"controller": {"replicas": 1}},
			"role": {"serviceAccount": "ebs", "policies": ["arn:aws:iam::aws:policy/service-role/EBS"]}
		}}
	}`}), neighbours())

	require.Empty(t, problems)
	assert.Equal(t, settings.Cluster{
		Version:           "1.36",
		Admins:            []settings.Principal{"role/a", "user/ops/b", "arn:aws:iam::210987654321:role/c"},
		Auditors:          []settings.Principal{"role/e"},
		Viewers:           []settings.Principal{"role/d"},
		LogTypes:          []eks.LogType{},
		PublicAccessCIDRs: []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("198.51.100.7/32")},
		Nodes: map[string]plan.NodeKind{"gpu-1": {
			InstanceTypes: []string{"m7i.large", "m7i.xlarge"}, Architecture: nodes.AMD64, Capacity: nodes.Spot,
			Min: 2, Max: 3, DiskGiB: 50, Labels: map[string]string{"example.com/gpu": "true", "size": "4"},
			Taints: []nodes.Taint{{Key: "gpu", Value: "yes", Effect: nodes.PreferNoSchedule}},
		}},
		Addons: map[string]settings.Addon{"aws-ebs-csi-driver": {
			Version: "v1.20.4-eksbuild.2",
			Values:  map[string]any{"controller": map[string]any{"replicas": json.Number("1")}},
			Role: &settings.AddonRole{
				ServiceAccount: "ebs", Policies: []string{"arn:aws:iam::aws:policy/service-role/EBS"},
			},
		}},
	}, loaded.Cluster)
}

// `pulumi config set` may write 1.35 without quotes, which YAML reads as a number.
func TestAVersionMayBeANumber(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, with(t, map[string]string{cluster + ".version": `1.35`}), neighbours())

	require.Empty(t, problems)
	assert.Equal(t, "1.35", loaded.Cluster.Version)
}

func TestAPrincipalWithoutAnAccountBelongsToTheDeployedAccount(t *testing.T) {
	t.Parallel()

	for principal, want := range map[settings.Principal]string{
		"role/a":                           "arn:aws-cn:iam::123456789012:role/a",
		"role/ops/a":                       "arn:aws-cn:iam::123456789012:role/ops/a",
		"user/b":                           "arn:aws-cn:iam::123456789012:user/b",
		"arn:aws:iam::210987654321:role/c": "arn:aws:iam::210987654321:role/c",
	} {
		assert.True(t, principal.Valid(), principal)
		assert.Equal(t, want, principal.ARN(scope.Place{Partition: "aws-cn", AccountID: "123456789012"}))
	}
}

func TestPrincipalsOfAnotherPartitionAreRefused(t *testing.T) {
	t.Parallel()

	for region, principals := range map[string][2]string{
		"us-east-1":     {"arn:aws:iam::210987654321:role/a", "arn:aws-cn:iam::210987654321:role/a"},
		"cn-north-1":    {"arn:aws-cn:iam::210987654321:role/a", "arn:aws:iam::210987654321:role/a"},
		"us-gov-west-1": {"arn:aws-us-gov:iam::210987654321:role/a", "arn:aws:iam::210987654321:role/a"},
	} {
		for i, principal := range principals {
			_, problems := settings.Load(stack, with(t, map[string]string{
				"aws:region": region, cluster + ".auditors": `["` + principal + `"]`,
			}), neighbours())
			require.Len(t, problems, i, region)

			for _, problem := range problems {
				assert.Equal(t, cluster+".auditors[0]", problem.Path)
				assert.Contains(t, problem.Expected, region)
				assert.Contains(t, problem.Fix, cluster+".auditors[0]")
			}
		}
	}
}

// A role and a user with the same name are two principals, and EKS has an entry for each.
func TestARoleAndAUserWithTheSameNameCanBothBeListed(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, with(t, map[string]string{
		cluster + ".admins": `["role/platform-deploy", "role/a", "user/a"]`,
		// A different path is a different principal.
		cluster + ".viewers": `["role/ops/a", "user/ops/a"]`,
	}), neighbours())

	require.Empty(t, problems)
	assert.Equal(t, []settings.Principal{"role/platform-deploy", "role/a", "user/a"}, loaded.Cluster.Admins)
}

func TestAnInvalidMemberHidesNoOtherProblem(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{cluster: `{
		"version": 1.3, "admins": "role/a", "publicAccessCidrs": ["here"], "colour": "red",
		"nodes": {
			"general": {"instanceType": "x", "instanceTypes": ["t4g.medium"], "min": [], "max": 2, "labels": {"a": []}},
			"Special": {}, "other": [], "odd": {"capacity": "x", "taints": [{"key": "a", "efect": "NoSchedule"}]}
		},
		"addons": {"coredns": {"version": "1", "valuess": {}}, "x": {"role": {"policies": ["y"], "polices": []}}}
	}`}), neighbours())

	assert.Equal(t, []string{
		cluster + ".nodes.odd.taints[0].efect", // a rename is first
		cluster + ".addons.coredns.valuess",
		cluster + ".addons.coredns.version",
		cluster + ".addons.x.role.polices",
		cluster + ".addons.x.role.policies[0]",
		cluster + ".addons.x.role.serviceAccount",
		cluster + ".admins",
		cluster + ".colour",
		cluster + ".nodes.Special",
		cluster + ".nodes.general.instanceType",
		cluster + ".nodes.general.labels.a",
		cluster + ".nodes.general.min",
		cluster + ".nodes.odd.capacity",
		cluster + ".nodes.odd.instanceTypes[0]",
		cluster + ".nodes.odd.max",
		cluster + ".nodes.odd.min",
		cluster + ".nodes.other",
		cluster + ".publicAccessCidrs[0]",
		cluster + ".version",
	}, paths(problems))
}

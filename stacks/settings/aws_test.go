package settings_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

func TestRegionMistakes(t *testing.T) {
	t.Parallel()

	const path, fix = "aws:region", "'aws:region' us-east-1"

	checkMistakes(t, map[string]mistake{
		"missing":     {map[string]string{path: ""}, path, "nothing", "region", fix},
		"a zone":      {map[string]string{path: "us-east-1a"}, path, `"us-east-1a"`, "region", fix},
		"misspelled":  {map[string]string{path: "us-east"}, path, `"us-east"`, "region", fix},
		"an object":   {map[string]string{path: `{"name": "us-east-1"}`}, path, `{"name":"us-east-1"}`, "region", fix},
		"unknown":     {map[string]string{path: "us-east-9"}, path, `"us-east-9"`, "partitions.json", fix},
		"isolated":    {map[string]string{path: "us-iso-east-1"}, path, `"us-iso-east-1"`, "aws-iso", fix},
		"capitalised": {map[string]string{path: "US-EAST-1"}, path, `"US-EAST-1"`, "region", fix},
	})
}

func TestAccountMistakes(t *testing.T) {
	t.Parallel()

	const path = "aws:allowedAccountIds"

	ids := func(json, at, got, want string) mistake {
		return mistake{map[string]string{path: json}, path + at, got, want, "'" + path + at + "'"}
	}

	set := func(of mistake, value string) mistake {
		of.fix += " " + value

		return of
	}

	checkMistakes(t, map[string]mistake{
		"too short":   ids(`["210987654321", "12345"]`, "[1]", `"12345"`, "12 digits"),
		"too long":    ids(`["1234567890123"]`, "[0]", `"1234567890123"`, "12 digits"),
		"a name":      ids(`["sandbox"]`, "[0]", `"sandbox"`, "12 digits"),
		"with dashes": set(ids(`["1234-5678-9012"]`, "[0]", `"1234-5678-9012"`, "12 digits"), "123456789012"),
		"a number without its zero": set(
			ids(`["210987654321", 12345678901]`, "[1]", `12345678901`, "in quotes if it starts with 0"), "012345678901"),
		"without its zero":     set(ids(`["12345678901"]`, "[0]", `"12345678901"`, "12 digits"), "012345678901"),
		"an object in it":      ids(`[{}]`, "[0]", `{}`, "12 digits"),
		"nothing in it":        ids(`[null]`, "[0]", "nothing", "12 digits"),
		"twice":                ids(`["123456789012", "123456789012"]`, "[1]", `"123456789012"`, "not in the list"),
		"as a text and number": ids(`["123456789012", 123456789012]`, "[1]", `123456789012`, "not in the list"),
		"no list": {
			map[string]string{path: `123456789012`}, path, `"123456789012"`, "a list", "'" + path + "[0]' 123456789012",
		},
		"an object": ids(`{"sandbox": "123456789012"}`, "", `{"sandbox":"123456789012"}`, "a list"),
	})
}

func TestTagMistakes(t *testing.T) {
	t.Parallel()

	const (
		tags        = "aws:defaultTags.tags"
		environment = tags + ".Environment"
		others      = `"Project": "platform", "ManagedBy": "pulumi"`
	)

	set := func(json string) map[string]string { return map[string]string{tags: json} }

	checkMistakes(t, map[string]mistake{
		"of another environment": {
			set(`{"Environment": "staging", ` + others + `}`),
			environment, `"staging"`, "sandbox", "'" + environment + "' sandbox",
		},
		"without Environment": {
			set(`{` + others + `}`),
			environment, "nothing", "sandbox", "'" + environment + "' sandbox",
		},
		"without Project": {
			set(`{"Environment": "sandbox", "ManagedBy": "pulumi"}`),
			tags + ".Project", "nothing", "string", "'" + tags + ".Project' platform",
		},
		"an empty ManagedBy": {
			set(`{"Environment": "sandbox", "Project": "platform", "ManagedBy": ""}`),
			tags + ".ManagedBy", `""`, "string", "'" + tags + ".ManagedBy' pulumi",
		},
		"a list as Project": {
			set(`{"Environment": "sandbox", "Project": ["x"], "ManagedBy": "pulumi"}`),
			tags + ".Project", `["x"]`, "string", "'" + tags + ".Project' platform",
		},
		"an object as another tag": {
			set(`{"Environment": "sandbox", ` + others + `, "Owner": {}}`),
			tags + ".Owner", "{}", "string", "'" + tags + ".Owner'",
		},
		"an object as a tag with dots": {
			set(`{"Environment": "sandbox", ` + others + `, "example.com/owner": {}}`),
			tags + `["example.com/owner"]`, "{}", "string", "'" + tags + `["example.com/owner"]'`,
		},
		"a key that AWS refuses": {
			set(`{"Environment": "sandbox", ` + others + `, "cost;center": "x"}`),
			tags + ".cost;center", `"x"`, "128", "'" + tags + ".cost;center'",
		},
		"a value that AWS refuses": {
			set(`{"Environment": "sandbox", ` + others + `, "Owner": "a & b"}`),
			tags + ".Owner", `"a \u0026 b"`, "256", "'" + tags + ".Owner' 'a b'",
		},
		"punctuation that only IAM refuses": {
			set(`{"Environment": "sandbox", ` + others + `, "Owner": "Payments, Berlin (#2)"}`),
			tags + ".Owner", `"Payments, Berlin (#2)"`, "IAM", "'" + tags + ".Owner' 'Payments Berlin 2'",
		},
		"a value of characters that AWS refuses": {
			set(`{"Environment": "sandbox", ` + others + `, "Owner": "???"}`),
			tags + ".Owner", `"???"`, "IAM", "'" + tags + ".Owner'",
		},
		"too long a value": {
			set(`{"Environment": "sandbox", ` + others + `, "Owner": "` + strings.Repeat("v", 257) + `"}`),
			tags + ".Owner", `"` + strings.Repeat("v", 257) + `"`, "256", "'" + tags + ".Owner' " + strings.Repeat("v", 256),
		},
		"two keys that IAM cannot tell apart": {
			set(`{"Environment": "sandbox", ` + others + `, "environment": "sandbox"}`),
			tags + ".environment", `"sandbox"`, "another key than Environment", "'" + tags + ".environment'",
		},
		"the resources' own Name": {
			set(`{"Environment": "sandbox", ` + others + `, "Name": "x"}`),
			tags + ".Name", `"x"`, "each resource has a Name", "'" + tags + ".Name'",
		},
		"their Name in small letters": {
			set(`{"Environment": "sandbox", ` + others + `, "name": "x"}`),
			tags + ".name", `"x"`, "each resource has a Name", "'" + tags + ".name'",
		},
		"a string": {set(`"sandbox"`), tags, `"sandbox"`, "Project", "'" + tags + "'"},
		"a list":   {set(`[]`), tags, `[]`, "Project", "'" + tags + "'"},
	})
}

// Karpenter refuses them for its nodes, but only during up.
func TestTagsOfAClusterAreRefused(t *testing.T) {
	t.Parallel()

	for _, key := range []string{
		"kubernetes.io/cluster/sandbox", "karpenter.sh/nodepool", "karpenter.sh/nodeclaim",
		"karpenter.k8s.aws/ec2nodeclass", "eks:eks-cluster-name",
	} {
		_, problems := settings.Load(stack, tagged(t, map[string]string{key: "x"}), neighbours())
		require.Len(t, problems, 1, key)
		assert.Equal(t, config.Member("aws:defaultTags.tags", key), problems[0].Path)
	}
}

// tagged adds tags to the three of every environment.
func tagged(t *testing.T, more map[string]string) config.Values {
	t.Helper()

	tags := map[string]string{"Environment": stack, "Project": "platform", "ManagedBy": "pulumi"}
	maps.Copy(tags, more)

	text, err := json.Marshal(map[string]any{"tags": tags})
	require.NoError(t, err)

	return with(t, map[string]string{"aws:defaultTags": string(text)})
}

func TestTagsThatEveryAWSServiceAcceptsAreValid(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, tagged(t, map[string]string{
		"cost centre": "", "example.com/owner": "team-a+b@example.com", "größe": "1 = 2_3:4",
		strings.Repeat("k", 128): strings.Repeat("v", 256),
	}), neighbours())
	assert.Empty(t, problems)
}

func TestAReservedTagMustBeRemovedByHand(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, tagged(t, map[string]string{"AWS:owner": "x"}), neighbours())
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Fix, "Pulumi.sandbox.yaml", "no path of pulumi's leads to a key with a colon")
}

func TestMoreTagsThanAWSAcceptsAreRefused(t *testing.T) {
	t.Parallel()

	many := make(map[string]string)
	for i := range 44 {
		many[fmt.Sprintf("tag-%02d", i)] = "x"
	}

	_, problems := settings.Load(stack, tagged(t, many), neighbours())
	assert.Empty(t, problems, "47 and the three of a subnet's own are 50")

	many["tag-44"] = "x"
	_, problems = settings.Load(stack, tagged(t, many), neighbours())
	require.Len(t, problems, 1)
	assert.Equal(t, "aws:defaultTags.tags", problems[0].Path)
}

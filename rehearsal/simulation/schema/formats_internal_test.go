package schema

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// formatExamples are a text that each format accepts, and one that it refuses.
func formatExamples() map[string][2]string {
	return map[string][2]string{
		"arn":                     {"arn:aws-us-gov:iam::123456789012:role/a", "arn:aws:iam::1:role/a"},
		"base64":                  {"YWJj", "a"},
		"date":                    {"2026-02-28", "2026-02-30"},
		"ipv4":                    {"10.0.0.255", "10.0.0.256"},
		"ipv4Cidr":                {"10.0.0.1/16", "::/0"},
		"ipv4Network":             {"10.0.0.0/16", "10.0.0.1/16"},
		"ipv6":                    {"::1", "10.0.0.1"},
		"ipv6Network":             {"2001:db8::/32", "2001:db8::1/32"},
		"json":                    {`{"a": [1]}`, `{"a": }`},
		"multipleOf60":            {"120", "61"},
		"network":                 {"2001:db8::/32", "10.0.0.1/16"},
		"performanceInsightsDays": {"62", "8"},
		"policy":                  {`{"a": [{"b": 1}], "b": 2}`, `{"a": {"b": 1, "b": 2}}`},
		"positive":                {"0.1", "0"},
		"rfc3339":                 {"2026-01-31T00:00:00Z", "2026-01-31"},
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()

	examples := formatExamples()
	assert.Equal(t, slices.Sorted(maps.Keys(formats())), slices.Sorted(maps.Keys(examples)))

	for name, known := range formats() {
		assert.True(t, known.accepts(examples[name][0]), name)
		assert.False(t, known.accepts(examples[name][1]), name)
	}

	for _, accepted := range []string{
		"", "arn:aws:s3:::bucket", "arn:aws:iam::aws:policy/A", "arn:aws-cn:ec2:cn-north-1:123456789012:vpc/a",
		"arn:aws-eusc:ec2:eusc-de-east-1:123456789012:vpc/a",
	} {
		assert.True(t, formats()["arn"].accepts(accepted), accepted)
	}
}

// Two texts that the provider takes for the same, and one that differs.
func TestComparisons(t *testing.T) {
	t.Parallel()

	examples := map[string][3]string{
		anyCase:   {"Tcp", "tCP", "udp"},
		"boolean": {"", "false", "true"},
		"domain":  {"App.example.com.", "app.example.com", "app.example.org"},
		"json":    {`{"a": 1, "b": ["c"]}`, `{"b":["c"],"a":1}`, `{"a":1,"b":["d"]}`},
		"key": {
			"arn:aws:kms:us-east-1:123456789012:key/1-2", "1-2", "1-3",
		},
		"lifecyclePolicy": {
			`{"rules":[{"rulePriority":2},{"rulePriority":1,"tagPrefixList":["b","a"]}]}`,
			`{"rules": [{"tagPrefixList": ["a", "b"], "rulePriority": 1}, {"rulePriority": 2}]}`,
			`{"rules":[{"rulePriority":2}]}`,
		},
		"network": {"2001:db8:0::/32", "2001:db8::/32", "2001:db9::/32"},
		"policy": {
			`{"Statement":[{"Action":["a:B"],"Principal":{"AWS":"*"},"Condition":{"Bool":{"x":true}}}]}`,
			`{"Statement": {"Principal": "*", "Action": "a:B", "Condition": {"Bool": {"x": "true"}}}}`,
			`{"Statement":[{"Action":["a:C"],"Principal":"*"}]}`,
		},
		"protocol":    {"ALL", "-1", "tcp"},
		"trailingDot": {"example.com.", "example.com", "Example.com"},
		"url":         {"https://issuer.example", "issuer.example", "issuer.example.org"},
	}
	assert.Equal(t, slices.Sorted(maps.Keys(Comparisons())), slices.Sorted(maps.Keys(examples)))

	for name, canonical := range Comparisons() {
		assert.Equal(t, canonical(examples[name][0]), canonical(examples[name][1]), name)
		assert.NotEqual(t, canonical(examples[name][0]), canonical(examples[name][2]), name)
	}
}

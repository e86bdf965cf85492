package launcher

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOriginsOfARefusedValue(t *testing.T) {
	t.Parallel()

	find := origins(map[string]any{
		"aws:defaultTags": map[string]any{"tags": map[string]any{"Owner": "a & b", "Team": "a & b"}},
		"platform:cluster": map[string]any{
			"nodes":             map[string]any{"general": map[string]any{"diskGiB": 17000, "min": 2, "max": 2}},
			"publicAccessCidrs": []any{"203.0.113.0/24", "198.51.100.0/24"},
		},
		"platform:database": map[string]any{"instanceClass": "db.x", "multiAz": true, "storageGiB": 17000},
		"platform:cache":    map[string]any{"replicas": 2, "snapshotRetentionDays": 2, "nodeType": "db.x"},
	}, "Pulumi.sandbox.yaml")

	for _, test := range []struct{ refusal, value, want string }{
		{"vpcConfig.publicAccessCidrs[1]", "198.51.100.0/24", "platform:cluster.publicAccessCidrs[1]"},
		{"instanceClass", "db.x", "platform:database.instanceClass"},
		{"parameters[0].value: no parameter diskGiB", "17000", "platform:cluster.nodes.general.diskGiB"},
		{"tags.Owner", "a & b", "aws:defaultTags.tags.Owner"},
		{"tags.Other", "a & b", "aws:defaultTags.tags.Owner and aws:defaultTags.tags.Team"},
		{
			"blockDeviceMappings[0].ebs.volumeSize", "17000",
			"platform:cluster.nodes.general.diskGiB and platform:database.storageGiB",
		},
	} {
		assert.Equal(t, "the value of "+test.want+" in Pulumi.sandbox.yaml", find(test.refusal, test.value), test.refusal)
	}

	assert.Empty(t, find("numCacheClusters", "3"), "the program computes it")
	assert.Empty(t, find("size", "2"), "too many settings have it")
	assert.Empty(t, find("storageEncrypted", "true"), "any setting can be true")
}

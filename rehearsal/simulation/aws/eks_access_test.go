package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const viewPolicy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

func TestAccessEntries(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(nil)

	entry := func(change in) in { return changed(in{"clusterName": "c", "principalArn": person}, change) }
	made := s.aws.Create(entryType, "person", entry(nil))
	assert.Equal(t, "c:"+person, made.ID)
	outputs(t, made, map[string]string{
		"type": "STANDARD", "accessEntryArn": "arn:aws:eks:us-east-1:123456789012:access-entry/c/.*",
		"userName": `arn:aws:sts::123456789012:assumed-role/person/\{\{SessionName\}\}`,
	})

	nodes := s.aws.Create(entryType, "nodes", entry(in{"principalArn": s.nodeRole.Text("arn"), "type": "EC2_LINUX"}))
	outputs(t, nodes, map[string]string{"userName": `system:node:\{\{EC2PrivateDNSName\}\}`})
	assert.Equal(t, "system:nodes", nodes.Outputs["kubernetesGroups"].ArrayValue()[0].StringValue())

	const someone = "arn:aws:iam::123456789012:user/team/someone"

	user := s.aws.Create(entryType, "user", entry(in{"principalArn": someone}))
	outputs(t, user, map[string]string{"userName": someone})
	conflicts(t, s.aws, entryType, map[string]in{
		"ResourceInUseException: The specified access entry resource is already in use on this cluster.": entry(nil),
	})

	const other = "arn:aws:iam::123456789012:role/other"

	refuses(t, s.aws, entryType, map[string]in{
		"InvalidParameterException: The principalArn parameter format is not valid": entry(in{
			"principalArn": "arn:aws:sts::123456789012:assumed-role/person/session",
		}),
		"ResourceNotFoundException: No cluster found for name: none.": entry(in{"clusterName": "none"}),
	})

	assert.Equal(t, []string{"principalArn"}, s.aws.Diff(made, entry(in{"principalArn": other})).GetReplaces())
	declines(t, s.aws, entryType, map[string]in{
		"type ADMIN is not simulated": entry(in{"principalArn": other, "type": "ADMIN"}),
	})
}

func TestAccessPolicies(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(nil)
	entry := s.aws.Create(entryType, "person", in{"clusterName": "c", "principalArn": person})

	access := func(change in) in {
		return changed(in{
			"clusterName": "c", "principalArn": person, "policyArn": viewPolicy, "accessScope": in{"type": "cluster"},
		}, change)
	}
	made := s.aws.Create(accessType, "view", access(nil))
	assert.Equal(t, "c#"+person+"#"+viewPolicy, made.ID)

	refuses(t, s.aws, accessType, map[string]in{
		"ResourceNotFoundException: The specified principalArn could not be found: " + deployer: access(in{
			"principalArn": deployer,
		}),
		"ResourceNotFoundException: The specified policyArn could not be found: " + managed + "View": access(in{
			"policyArn": managed + "View",
		}),
		"ResourceNotFoundException: The specified policyArn could not be found: " + viewPolicy + "2": access(in{
			"policyArn": viewPolicy + "2",
		}),
	})

	s.aws.Create(entryType, "other", in{"clusterName": "c", "principalArn": deployer})
	kept := s.aws.Create(accessType, "other", access(in{"principalArn": deployer}))
	require.NoError(t, s.aws.Delete(entry))
	assert.Empty(t, s.aws.Read(made).ID, "associations are deleted with their entry")
	assert.NotEmpty(t, s.aws.Read(kept).ID)
}

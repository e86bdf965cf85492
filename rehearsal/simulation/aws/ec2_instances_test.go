package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLaunchTemplates(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	made := n.aws.Create(templateType, "nodes", in{"vpcSecurityGroupIds": []any{n.group.ID}})
	assert.Regexp(t, `^lt-[0-9a-f]{17}$`, made.ID)
	outputs(t, made, map[string]string{
		"name": "nodes-[0-9a-f]{7}", "arn": "arn:aws:ec2:us-east-1:123456789012:launch-template/" + made.ID,
	})

	assert.InEpsilon(t, 1, made.Outputs.Mappable()["latestVersion"], 0)
	second := n.aws.Update(made, in{"metadataOptions": in{"httpTokens": "required"}})
	assert.InEpsilon(t, 2, second.Outputs.Mappable()["latestVersion"], 0)

	tagged := n.aws.Update(second, in{"metadataOptions": in{"httpTokens": "required"}, "tags": in{"a": "b"}})
	assert.InEpsilon(t, 2, tagged.Outputs.Mappable()["latestVersion"], 0, "tags create no version")
	assert.InEpsilon(t, 1, tagged.Outputs.Mappable()["defaultVersion"], 0)

	preview := n.aws.PreviewUpdate(second, in{"updateDefaultVersion": true})
	assert.True(t, preview.Outputs["latestVersion"].IsComputed(), "an update generates another")

	launched := n.aws.Update(tagged, in{
		"tagSpecifications":    []any{in{"resourceType": "instance", "tags": in{"a": "b"}}},
		"updateDefaultVersion": true,
	})
	assert.InEpsilon(t, 3, launched.Outputs.Mappable()["latestVersion"], 0, "a version has the instances' tags")
	assert.InEpsilon(t, 3, launched.Outputs.Mappable()["defaultVersion"], 0)

	prefixed := n.aws.Create(templateType, "p", in{"namePrefix": "pre-"})
	assert.Regexp(t, `^pre-[0-9a-f]{26}$`, prefixed.Text("name"))
	refuses(t, n.aws, templateType, map[string]in{
		"InvalidLaunchTemplateName.AlreadyExistsException: Launch template name already in use.": {
			"name": made.Text("name"),
		},
		"InvalidGroup.NotFound": {"vpcSecurityGroupIds": []any{"sg-" + absent}},
		"InvalidGroup.NotFound: The security group 'sg-": {"networkInterfaces": []any{
			in{"securityGroups": []any{"sg-" + absent}},
		}},
	})
	assert.Equal(t, []string{"name"}, n.aws.Diff(made, in{"name": "other"}).GetReplaces())
	n.aws.Update(made, in{"vpcSecurityGroupIds": []any{n.group.ID}})
	require.NoError(t, n.aws.Delete(n.group), "a template does not protect the resources that it names")
}

func TestInstances(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	made := n.aws.Create(instanceType, "host", in{
		"ami": "ami-1", "instanceType": "t3.small", "subnetId": n.subnet.ID, "vpcSecurityGroupIds": []any{n.group.ID},
	})
	assert.Regexp(t, `^i-[0-9a-f]{17}$`, made.ID)
	outputs(t, made, map[string]string{
		"availabilityZone": "us-east-1b", "privateIp": `10\.0\.1\.5`, "instanceState": "running",
		"arn": "arn:aws:ec2:us-east-1:123456789012:instance/" + made.ID, "primaryNetworkInterfaceId": "eni-[0-9a-f]{17}",
	})

	plain := n.aws.Create(instanceType, "plain", in{"subnetId": n.subnet.ID})
	assert.Equal(t, "10.0.1.6", plain.Text("privateIp"))
	refuses(t, n.aws, instanceType, map[string]in{
		"VPCIdNotSpecified: No default VPC for this user": {"ami": "ami-1"},
		"InvalidSubnetID.NotFound":                        {"subnetId": "subnet-" + absent},
		"InvalidGroup.NotFound": {
			"subnetId": n.subnet.ID, "vpcSecurityGroupIds": []any{"sg-" + absent},
		},
	})
	require.ErrorContains(t, n.aws.Delete(n.group), "DependencyViolation")
	require.NoError(t, n.aws.Delete(made))
	require.NoError(t, n.aws.Delete(n.group))
	assert.Equal(t, []string{"subnetId"}, n.aws.Diff(plain, in{"subnetId": "subnet-other"}).GetReplaces())
}

package scope_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/internal/scope"
)

func TestARNs(t *testing.T) {
	t.Parallel()

	place := scope.Place{Partition: "aws-cn", Region: "cn-north-1", AccountID: "123456789012"}

	assert.Equal(t, "arn:aws-cn:ecr:cn-north-1:123456789012:repository/a", place.ARN("ecr", "repository/a"))
	assert.Equal(t, "arn:aws-cn:iam::123456789012:role/a", place.IAM("role/a"))
	assert.Equal(t, "arn:aws-cn:iam::aws:policy/service-role/A", place.ManagedPolicy("service-role/A"))
}

func TestHostNamesHaveTheDomainOfThePartition(t *testing.T) {
	t.Parallel()

	for partition, domain := range map[string]string{
		"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn",
	} {
		place := scope.Place{Partition: partition, Region: "here-1", AccountID: "123456789012"}

		assert.Equal(t, "logs.here-1."+domain, place.Host("logs"))
		assert.Equal(t, "ec2."+domain, place.EC2())
		assert.Equal(t, "123456789012.dkr.ecr.here-1."+domain+"/platform", place.Registry())
	}
}

func TestEachRegionIsInAPartition(t *testing.T) {
	t.Parallel()

	assert.Equal(t, "aws", scope.PartitionOf("eu-west-3"))
	assert.Equal(t, "aws-us-gov", scope.PartitionOf("us-gov-west-1"))
	assert.Empty(t, scope.PartitionOf("us-east-9"))
}

func TestRegionsOfThreePartitionsAreSupported(t *testing.T) {
	t.Parallel()

	for _, region := range []string{
		"us-east-1", "ap-northeast-1", "eu-west-3", "mx-central-1", "us-gov-west-1", "cn-north-1", "cn-northwest-1",
	} {
		assert.Empty(t, scope.Unsupported(region), region)
	}

	for region, reason := range map[string]string{
		"us-iso-east-1": "aws-iso", "eusc-de-east-1": "aws-eusc", "us-east-9": "partitions.json", "": "partitions.json",
		"aws-global": "partitions.json", "us-east-1a": "partitions.json",
	} {
		assert.Contains(t, scope.Unsupported(region), reason, region)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()

	s := scope.Scope{Name: "network", Prefix: "sandbox-network"}

	assert.Equal(t, "network-vpc", s.Logical("vpc"))
	assert.Equal(t, "sandbox-network-vpc", s.Physical("vpc"))
	assert.Equal(t, "sandbox-network", s.Physical(""))
	assert.Equal(t, pulumi.StringMap{"Name": pulumi.String("sandbox-network-vpc")}, s.Tags("vpc"))
}

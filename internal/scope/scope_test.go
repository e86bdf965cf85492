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

func TestNames(t *testing.T) {
	t.Parallel()

	s := scope.Scope{Name: "network", Prefix: "sandbox-network"}

	assert.Equal(t, "network-vpc", s.Logical("vpc"))
	assert.Equal(t, "sandbox-network-vpc", s.Physical("vpc"))
	assert.Equal(t, "sandbox-network", s.Physical(""))
	assert.Equal(t, pulumi.StringMap{"Name": pulumi.String("sandbox-network-vpc")}, s.Tags("vpc"))
}

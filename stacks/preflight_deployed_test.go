package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/config"
)

// The functions that look up a deployed environment.
const (
	clustersFunction  = "aws:eks/getClusters:getClusters"
	clusterFunction   = "aws:eks/getCluster:getCluster"
	vpcsFunction      = "aws:ec2/getVpcs:getVpcs"
	vpcFunction       = "aws:ec2/getVpc:getVpc"
	subnetsFunction   = "aws:ec2/getSubnets:getSubnets"
	subnetFunction    = "aws:ec2/getSubnet:getSubnet"
	logGroupsFunction = "aws:cloudwatch/getLogGroups:getLogGroups"
)

// deployed mocks an account with a deployed sandbox: its range, and optionally a subnet in a zone that is not listed.
func deployed(cidr, availabilityZone string) []graphtest.Option {
	return deployedStack("sandbox", cidr, availabilityZone)
}

// deployedStack is deployed for any environment. Its API server is private.
func deployedStack(stack, cidr, availabilityZone string) []graphtest.Option {
	subnets := []any{}
	if availabilityZone != "" {
		subnets = append(subnets, "subnet-1")
	}

	return []graphtest.Option{
		graphtest.Answering(clustersFunction, map[string]any{"names": []any{"other", stack}}),
		graphtest.Answering(clusterFunction, map[string]any{"vpcConfig": map[string]any{"vpcId": "vpc-1"}}),
		graphtest.Answering(vpcFunction, map[string]any{
			"id": "vpc-1", "cidrBlock": cidr, "tags": map[string]any{"Name": stack + "-network-vpc"},
		}),
		graphtest.Answering(subnetsFunction, map[string]any{"ids": subnets}),
		graphtest.Answering(subnetFunction, map[string]any{"id": "subnet-1", "availabilityZone": availabilityZone}),
	}
}

func TestADeployedEnvironmentIsUpdated(t *testing.T) {
	t.Parallel()

	_, err := tryToDeploy(t, "sandbox", nil, deployed("10.10.0.0/16", "")...)
	require.NoError(t, err)
}

func TestAZoneOfADeployedEnvironmentIsNotRemoved(t *testing.T) {
	t.Parallel()

	g, err := tryToDeploy(t, "sandbox", nil, deployed("10.10.0.0/16", "us-east-1c")...)

	const path = "platform:network.zones[2]"

	found := problems(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, path, found[0].Path)
	assert.Equal(t, config.SetCommand("sandbox", path, "c"), found[0].Fix)
	nothingIsCreated(t, g)
}

func TestTheRangeOfADeployedEnvironmentIsNotChanged(t *testing.T) {
	t.Parallel()

	g, err := tryToDeploy(t, "sandbox", nil, deployed("10.99.0.0/16", "")...)

	found := problems(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, "platform:network.cidr", found[0].Path)
	assert.Equal(t, config.SetCommand("sandbox", "platform:network.cidr", "10.99.0.0/16"), found[0].Fix)
	nothingIsCreated(t, g)
}

// A first run that failed early has created subnets that nothing uses.
func TestWithoutAClusterZonesAndRangeCanChange(t *testing.T) {
	t.Parallel()

	options := append(deployed("10.99.0.0/16", "us-east-1c"),
		graphtest.Answering(clustersFunction, map[string]any{"names": []any{"sandbox-2"}}))

	_, err := tryToDeploy(t, "sandbox", nil, options...)
	require.NoError(t, err)
}

func TestExistingLogGroupsAreImported(t *testing.T) {
	t.Parallel()

	g, err := tryToDeploy(t, "sandbox", nil, graphtest.Answering(logGroupsFunction, map[string]any{"logGroupNames": []any{
		"/aws/eks/sandbox/cluster", "/aws/rds/instance/sandbox-database/error", "sandbox-network-flow-logs",
		"sandbox-network-flow-logs-archive",
	}}))
	require.NoError(t, err)

	const group = "aws:cloudwatch/logGroup:LogGroup"

	g.One(t, group, "cluster-logs").Imported("/aws/eks/sandbox/cluster")
	g.One(t, group, "database-logs-error").Imported("/aws/rds/instance/sandbox-database/error")
	g.One(t, group, "database-logs-slowquery").Imported("")
	g.One(t, group, "network-flow-logs").Imported("sandbox-network-flow-logs")
}

package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestInternetGatewaysInUseCannotBeDetached(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	require.ErrorContains(t, n.aws.Delete(n.gateway), "Network "+n.vpc.ID+" has some mapped public address(es)")
	require.NoError(t, n.aws.Delete(n.nat))
	require.NoError(t, n.aws.Delete(n.gateway))
}

func TestNATGatewaysGetTheFirstFreeAddress(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	second := n.aws.Create(eipType, "second", in{})
	third := n.aws.Create(eipType, "third", in{})
	assert.Equal(t, "203.0.113.3", third.Text("publicIp"))
	require.NoError(t, n.aws.Delete(second))
	assert.Equal(t, "203.0.113.2", n.aws.Create(eipType, "again", in{}).Text("publicIp"))
}

func TestNATGatewayAddressesAreUnique(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	spare := n.aws.Create(eipType, "spare", in{})
	second := n.aws.Create(natType, "second", in{"subnetId": n.subnet.ID, "allocationId": spare.ID})
	outputs(t, second, map[string]string{"privateIp": `10\.0\.1\.5`, "publicIp": `203\.0\.113\.2`})
	require.NoError(t, n.aws.Delete(second))
	require.NoError(t, n.aws.Delete(spare), "it is not used any more")
	assert.Equal(t, []string{"subnetId"}, n.aws.Diff(n.nat, in{
		"subnetId": "subnet-" + absent, "allocationId": n.address.ID,
	}).GetReplaces())
}

// A gateway in a VPC that has no way out fails after minutes, and remains for about an hour.
func TestNATGatewaysWithoutTheInternetFail(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	alone := n.aws.Create(vpcType, "alone", in{"cidrBlock": "10.1.0.0/16"})
	subnet := n.aws.Create(subnetType, "alone", in{"vpcId": alone.ID, "cidrBlock": "10.1.1.0/24"})
	address := n.aws.Create(eipType, "alone", in{})
	inputs := in{"subnetId": subnet.ID, "allocationId": address.ID}

	failed, err := n.aws.TryCreate(natType, "alone", inputs)
	require.ErrorContains(t, err, "waiting for EC2 NAT Gateway ("+failed.ID+") create: unexpected state 'failed', wanted "+
		"target 'available'. last error: Gateway.NotAttached: Network "+alone.ID+" has no Internet gateway attached")
	assert.NotContains(t, err.Error(), "operation error")
	assert.Empty(t, n.aws.Read(address).Text("associationId"), "it has no address")

	gateway := n.aws.Create(gatewayType, "alone", in{"vpcId": alone.ID})
	n.aws.Update(failed, inputs)
	require.NoError(t, n.aws.Delete(gateway), "no address is mapped")

	n.aws.Create(gatewayType, "alone", in{"vpcId": alone.ID})
	second := n.aws.Create(natType, "again", inputs)
	require.NoError(t, n.aws.Delete(failed))
	assert.Equal(t, second.Text("associationId"), n.aws.Read(address).Text("associationId"))
}

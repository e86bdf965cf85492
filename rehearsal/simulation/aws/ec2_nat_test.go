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

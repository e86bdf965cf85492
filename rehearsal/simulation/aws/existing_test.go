package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// theirs is a network that an account has before the rehearsal.
func theirs() aws.Network {
	return aws.Network{
		VPC:     "vpc-0a1b2c3d",
		Public:  map[string]string{"a": "subnet-0000000a", "b": "subnet-0000000b"},
		Private: map[string]string{"a": "subnet-0000001a", "b": "subnet-0000001b"},
		Data:    map[string]string{"a": "subnet-0000002a"},
	}
}

func provided(t *testing.T) (*account.Account, *enginetest.Engine) {
	t.Helper()

	acct, err := account.Open("")
	require.NoError(t, err)
	require.NoError(t, aws.Provide(acct, aws.DefaultIdentity(), "us-east-1", theirs()))

	return acct, enginetest.StartOn(t, acct, "")
}

func TestAProvidedNetworkIsFound(t *testing.T) {
	t.Parallel()

	_, e := provided(t)
	ask := func(function string, arguments in) map[string]any {
		answer, refused, err := e.AWS("us-east-1").Invoke("aws:ec2/"+function+":"+function, arguments)
		require.NoError(t, err, function)
		require.Empty(t, refused, function)

		return answer.Mappable()
	}
	filter := func(id string) in { return in{"filters": []any{in{"name": "vpc-id", "values": []any{id}}}} }

	assert.Equal(t, []any{"vpc-0a1b2c3d"}, ask("getVpcs", filter("vpc-0a1b2c3d"))["ids"])
	assert.Empty(t, ask("getVpcs", filter("vpc-1"))["ids"])
	assert.Len(t, ask("getSubnets", filter("vpc-0a1b2c3d"))["ids"], 5)
	assert.Empty(t, ask("getSubnets", filter("vpc-1"))["ids"])

	vpc := ask("getVpc", in{"id": "vpc-0a1b2c3d"})
	assert.Equal(t, true, vpc["enableDnsHostnames"])
	assert.Equal(t, []any{map[string]any{"cidrBlock": "10.64.0.0/16"}}, vpc["cidrBlockAssociations"])

	subnet := ask("getSubnet", in{"id": "subnet-0000001b"})
	assert.Equal(t, "us-east-1b", subnet["availabilityZone"])
	assert.Equal(t, "10.64.72.0/21", subnet["cidrBlock"])
	assert.InDelta(t, 2043, subnet["availableIpAddressCount"], 0)
	assert.InDelta(t, 2042, ask("getSubnet", in{"id": "subnet-0000000a"})["availableIpAddressCount"], 0, "a NAT gateway")

	targets := map[string]string{}

	for _, id := range ask("getRouteTables", in{"vpcId": "vpc-0a1b2c3d"})["ids"].([]any) {
		table := ask("getRouteTable", in{"routeTableId": id})

		for _, association := range table["associations"].([]any) {
			used := association.(map[string]any)
			targets[used["subnetId"].(string)] = ""

			for _, route := range table["routes"].([]any) {
				gateways := route.(map[string]any)
				targets[used["subnetId"].(string)] = gateways["gatewayId"].(string) + gateways["natGatewayId"].(string)
			}
		}
	}

	assert.Len(t, targets, 6, "five subnets and the main table")
	assert.Regexp(t, "^igw-", targets["subnet-0000000a"])
	assert.Regexp(t, "^nat-", targets["subnet-0000001b"])
	assert.Empty(t, targets["subnet-0000002a"])
}

func TestProvidingANetworkAgainChangesNothing(t *testing.T) {
	t.Parallel()

	acct, _ := provided(t)
	before := acct.Resources()

	require.NoError(t, aws.Provide(acct, aws.DefaultIdentity(), "us-east-1", theirs()))
	assert.Equal(t, before, acct.Resources())

	more := theirs()
	more.Private["c"] = "subnet-0000001c"
	require.NoError(t, aws.Provide(acct, aws.DefaultIdentity(), "us-east-1", more))
	assert.Len(t, acct.Resources(), len(before)+2, "a subnet and its route table")
}

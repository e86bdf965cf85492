package network_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/network"
)

const offersFunction = "aws:ec2/getVpcEndpointService:getVpcEndpointService"

// In China, the names of some endpoint services have a prefix of their own.
func TestTheNameOfAnEndpointServiceDependsOnThePartition(t *testing.T) {
	t.Parallel()

	for region, want := range map[string]string{
		"cn-north-1": "cn.com.amazonaws.cn-north-1.ecr.api", "us-gov-west-1": "com.amazonaws.us-gov-west-1.ecr.api",
	} {
		answer := map[string]any{"privateDnsName": "api.ecr", "availabilityZones": []any{region + "a"}}

		_, err := graphtest.Try(func(ctx *pulumi.Context) error {
			name, missing, err := network.FindEndpoint(ctx, region, "ecr.api", []string{"a", "b"})
			assert.Equal(t, want, name)
			assert.Equal(t, []string{"b"}, missing)

			return err
		}, graphtest.Answering(offersFunction, answer))
		require.NoError(t, err)
	}
}

func TestZonesWithoutAnEndpoint(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		region, service string
		zones, want     []string
	}{
		"offered everywhere":        {graphtest.Region, "ecr.api", []string{"a", "b"}, []string{}},
		"not offered in a zone":     {graphtest.Region, "eks", []string{"f", "b"}, []string{"f"}},
		"offered in those in use":   {graphtest.Region, "eks", []string{"a", "b"}, []string{}},
		"no such service":           {graphtest.Region, "weather", []string{"b", "a"}, []string{"b", "a"}},
		"without private DNS":       {graphtest.Region, "dynamodb", []string{"a", "b"}, []string{"a", "b"}},
		"a gateway only":            {graphtest.Region, "s3express", []string{"a"}, []string{"a"}},
		"a region other than asked": {"eu-west-1", "sts", []string{"a"}, []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			missing, err := zonesWithout(test.region, test.service, test.zones)
			require.NoError(t, err)
			assert.Equal(t, test.want, missing)
		})
	}
}

func TestOnlyAMissingServiceIsNotOffered(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"reading EC2 VPC Endpoint Services: couldn't find resource", "no matching EC2 VPC Endpoint Service found",
	} {
		missing, err := zonesWithout(graphtest.Region, "sts", []string{"a"},
			graphtest.Failing(offersFunction, errors.New(text)))
		require.NoError(t, err)
		assert.Equal(t, []string{"a"}, missing, text)
	}

	_, err := zonesWithout(graphtest.Region, "sts", []string{"a"},
		graphtest.Failing(offersFunction, errors.New("api error UnauthorizedOperation: not allowed")))
	require.ErrorContains(t, err, "UnauthorizedOperation")
	assert.ErrorContains(t, err, "sts in us-east-1")
}

func TestTwoServicesCanHaveTheSameEndpointName(t *testing.T) {
	t.Parallel()

	assert.Equal(t, "ecr-api", network.EndpointName("ecr.api"))
	assert.Equal(t, network.EndpointName("a.b-c"), network.EndpointName("a-b.c"))
	assert.NotEqual(t, network.EndpointName("ecr.api"), network.EndpointName("ecr.dkr"))
}

// zonesWithout queries the mocked account.
func zonesWithout(region, service string, zones []string, options ...graphtest.Option) ([]string, error) {
	var missing []string

	_, err := graphtest.Try(func(ctx *pulumi.Context) error {
		var err error

		_, missing, err = network.FindEndpoint(ctx, region, service, zones)

		return err
	}, options...)

	return missing, err
}

package graphtest_test

import (
	"errors"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
)

func TestTryReturnsTheErrorAndTheResourcesOfTheProgram(t *testing.T) {
	t.Parallel()

	broken := errors.New("broken")

	g, err := graphtest.Try(func(ctx *pulumi.Context) error {
		if err := program(ctx); err != nil {
			return err
		}

		return broken
	})
	require.ErrorIs(t, err, broken)
	assert.Len(t, g.Customs(), 3)
}

func TestRunFailsTheTestIfTheProgramFails(t *testing.T) {
	t.Parallel()

	assert.True(t, fails(t, func(t testing.TB) {
		graphtest.Run(t, func(*pulumi.Context) error { return errors.New("broken") })
	}))
	assert.False(t, fails(t, func(t testing.TB) { graphtest.Run(t, program) }))
}

func TestAFunctionWithoutAnAnswerFails(t *testing.T) {
	t.Parallel()

	_, err := graphtest.Try(func(ctx *pulumi.Context) error {
		_, err := ec2.GetPrefixList(ctx, &ec2.GetPrefixListArgs{})

		return err
	})
	assert.ErrorContains(t, err, "aws:ec2/getPrefixList:getPrefixList")
}

func TestFailingMakesAFunctionFail(t *testing.T) {
	t.Parallel()

	broken := errors.New("broken")
	ask := func(ctx *pulumi.Context) error {
		_, err := aws.GetPartition(ctx, &aws.GetPartitionArgs{})

		return err
	}

	_, err := graphtest.Try(ask, graphtest.Failing("aws:index/getPartition:getPartition", broken))
	require.ErrorContains(t, err, "broken")

	_, err = graphtest.Try(ask, graphtest.Failing("aws:index/getRegion:getRegion", broken))
	require.NoError(t, err, "another function")
}

func TestTheAccountHasEndpointServices(t *testing.T) {
	t.Parallel()

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		for service, zones := range map[string]int{"sts": 6, "eks": 5, "dynamodb": 6} {
			offer, err := ec2.LookupVpcEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{
				ServiceName: new("com.amazonaws.us-east-1." + service), ServiceType: new("Interface"),
			})
			require.NoError(t, err)
			assert.Equal(t, "Interface", offer.ServiceType)
			assert.Len(t, offer.AvailabilityZones, zones, service)
			assert.Equal(t, service == "dynamodb", offer.PrivateDnsName == "", service)
		}

		_, err := ec2.LookupVpcEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{
			ServiceName: new("com.amazonaws.us-east-1.weather"), ServiceType: new("Interface"),
		})
		require.ErrorContains(t, err, "couldn't find resource")

		_, err = ec2.LookupVpcEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{
			ServiceName: new("com.amazonaws.us-east-1.s3"), ServiceType: new("Gateway"),
		})
		require.ErrorContains(t, err, "Interface", "graphtest has only services of this type")

		return nil
	})
}

func TestTheAccountAnswers(t *testing.T) {
	t.Parallel()

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		identity, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{})
		require.NoError(t, err)
		assert.Equal(t, graphtest.AccountID, identity.AccountId)

		partition, err := aws.GetPartition(ctx, &aws.GetPartitionArgs{})
		require.NoError(t, err)
		assert.Equal(t, "aws", partition.Partition)

		zones, err := aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{})
		require.NoError(t, err)
		assert.Len(t, zones.ZoneIds, len(zones.Names), "each zone has an ID")

		return nil
	})
}

func TestInStackNamesTheStack(t *testing.T) {
	t.Parallel()

	for _, stack := range []string{graphtest.Stack, "sandbox"} {
		var saw string

		g := graphtest.Run(t, func(ctx *pulumi.Context) error {
			saw = ctx.Stack()

			return program(ctx)
		}, graphtest.InStack(stack))

		assert.Equal(t, stack, saw)

		for _, r := range g.Customs() {
			assert.Equal(t, stack, r.URN.Stack().String())
		}
	}
}

func TestURNsAreThoseOfTheEngine(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program)

	assert.Equal(t, "urn:pulumi:test::platform::test:index:Group$aws:ec2/vpc:Vpc::net",
		string(g.All(vpcType)[0].URN))
	assert.Equal(t, "urn:pulumi:test::platform::aws:iam/role:Role::net", string(g.All(roleType)[0].URN))
	assert.Equal(t, "urn:pulumi:test::platform::test:index:Group$aws:ec2/vpc:Vpc$aws:ec2/subnet:Subnet::subnet",
		string(g.All(subnetType)[0].URN))
}

func TestValuesHoldsKnownValues(t *testing.T) {
	t.Parallel()

	var values graphtest.Values

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		vpc, err := ec2.NewVpc(ctx, "net", &ec2.VpcArgs{})
		values.Keep("id", vpc.ID())

		return err
	})

	values.Has(t, "id", pulumi.ID("Vpc-net"))
	assert.True(t, fails(t, func(t testing.TB) { values.Has(t, "id", pulumi.ID("other")) }), "another value")
	assert.True(t, fails(t, func(t testing.TB) { values.Has(t, "arn", nil) }), "a value that was not kept")
}

package aws_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const zonesFunction = "aws:index/getAvailabilityZones:getAvailabilityZones"

func TestAvailabilityZones(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")

	for _, test := range []struct {
		name, region string
		arguments    in
		names, ids   []any
	}{
		{
			name: "all", region: "us-east-1",
			names: []any{"us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e", "us-east-1f"},
			ids:   []any{"use1-az6", "use1-az1", "use1-az2", "use1-az4", "use1-az3", "use1-az5"},
		},
		{
			name: "available", region: "eu-central-1", arguments: in{"state": "available"},
			names: []any{"eu-central-1a", "eu-central-1b", "eu-central-1c"}, ids: []any{"euc1-az2", "euc1-az3", "euc1-az1"},
		},
		{name: "impaired", region: "eu-west-1", arguments: in{"state": "impaired"}, names: []any{}, ids: []any{}},
		{
			name: "a letter that the account lacks", region: "us-west-1",
			names: []any{"us-west-1a", "us-west-1c"}, ids: []any{"usw1-az3", "usw1-az1"},
		},
		{
			name: "any letter where none is known", region: "us-gov-west-1",
			names: []any{
				"us-gov-west-1a", "us-gov-west-1b", "us-gov-west-1c", "us-gov-west-1d", "us-gov-west-1e", "us-gov-west-1f",
				"us-gov-west-1g", "us-gov-west-1h",
			},
			ids: []any{
				"usgw1-az1", "usgw1-az2", "usgw1-az3", "usgw1-az4", "usgw1-az5", "usgw1-az6", "usgw1-az7", "usgw1-az8",
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			answer, refused, err := e.AWS(test.region).Invoke(zonesFunction, test.arguments)
			require.NoError(t, err)
			require.Empty(t, refused)
			assert.Equal(t, test.names, answer["names"].Mappable())
			assert.Equal(t, test.ids, answer["zoneIds"].Mappable())
			assert.Equal(t, test.region, answer["id"].StringValue())
			assert.Equal(t, []any{test.region}, answer["groupNames"].Mappable())
		})
	}
}

func TestFunctionsReadTheProvidersRegion(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	network := aws.Create(vpcType, "vpc", in{"cidrBlock": "10.0.0.0/16", "tags": in{"Name": "a-vpc"}})
	subnet := aws.Create(subnetType, "subnet", in{
		"vpcId": network.ID, "cidrBlock": "10.0.0.0/24", "availabilityZone": "us-east-1c", "tags": in{"Name": "a-c"},
	})
	aws.Create(logType, "logs", in{"name": "/aws/eks/a/cluster"})
	aws.Create(logType, "others", in{"name": "/aws/eks/ab/cluster"})

	const logGroups = "cloudwatch/getLogGroups:getLogGroups"

	starting := func(prefix string) in { return in{"logGroupNamePrefix": prefix} }
	named := func(values ...any) in { return in{"filters": []any{in{"name": "tag:Name", "values": values}}} }

	for name, test := range map[string]struct {
		function, output string
		arguments        in
		want             []any
	}{
		"a VPC by its name":      {"ec2/getVpcs:getVpcs", "ids", in{"tags": in{"Name": "a-vpc"}}, []any{network.ID}},
		"a VPC of another name":  {"ec2/getVpcs:getVpcs", "ids", in{"tags": in{"Name": "b-vpc"}}, []any{}},
		"subnets by their names": {"ec2/getSubnets:getSubnets", "ids", named("a-b", "a-c"), []any{subnet.ID}},
		"subnets of other names": {"ec2/getSubnets:getSubnets", "ids", named("a-d"), []any{}},
		"log groups by a prefix": {logGroups, "logGroupNames", starting("/aws/eks/a/"), []any{"/aws/eks/a/cluster"}},
		"zones that offer a type": {
			"ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", "locations",
			in{"locationType": "availability-zone", "filters": []any{in{"name": "instance-type", "values": []any{"m7g.large"}}}},
			[]any{"us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e"},
		},
		"no cluster":              {"eks/getClusters:getClusters", "names", nil, []any{}},
		"no log group of another": {logGroups, "arns", starting("/aws/rds"), []any{}},
	} {
		answer, refused, err := aws.Invoke("aws:"+test.function, test.arguments)
		require.NoError(t, err, name)
		require.Empty(t, refused, name)
		assert.Equal(t, test.want, answer.Mappable()[test.output], name)
	}

	answer, _, err := aws.Invoke("aws:ec2/getSubnet:getSubnet", in{"id": subnet.ID})
	require.NoError(t, err)
	assert.Equal(t, "us-east-1c", answer.Mappable()["availabilityZone"])
	assert.NotContains(t, answer, resource.PropertyKey("tagsAll"), "the function has no such output")

	answer, _, err = aws.Invoke("aws:ec2/getVpc:getVpc", in{"id": network.ID})
	require.NoError(t, err)
	assert.Equal(t, "10.0.0.0/16", answer.Mappable()["cidrBlock"])

	_, _, err = e.AWS("us-west-2").Invoke("aws:ec2/getVpc:getVpc", in{"id": network.ID})
	require.ErrorContains(t, err, "no matching EC2 VPC found")

	byState := in{"filters": []any{in{"name": "state", "values": []any{"available"}}}}
	_, _, err = aws.Invoke("aws:ec2/getSubnets:getSubnets", byState)
	require.ErrorContains(t, err, `filter "state" is not simulated`)
}

func TestFunctionRefusals(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	_, _, err := aws.Invoke(zonesFunction, in{
		"filters": []any{in{"name": "zone-id", "values": []any{}}},
	})
	require.ErrorContains(t, err, "argument filters of getAvailabilityZones is not simulated; simulated: state")
	_, refused, err := aws.Invoke(zonesFunction, in{"stat": "available"})
	require.NoError(t, err)
	require.Len(t, refused, 1)
	assert.Contains(t, refused[0], `unknown property "stat"; known: state`)

	_, _, err = aws.Invoke("aws:ec2/getAmi:getAmi", nil)
	require.ErrorContains(t, err, "aws: function aws:ec2/getAmi:getAmi is not simulated")
}

func TestPartitions(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")

	for region, want := range map[string]in{
		"cn-north-1": {"partition": "aws-cn", "dnsSuffix": "amazonaws.com.cn", "reverseDnsPrefix": "cn.com.amazonaws"},
		"us-gov-west-1": {
			"partition": "aws-us-gov", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws",
		},
	} {
		answer, _, err := e.AWS(region).Invoke("aws:index/getPartition:getPartition", nil)
		require.NoError(t, err)

		for name, value := range want {
			assert.Equal(t, value, answer.Mappable()[name], region+" "+name)
		}
	}
}

func TestIdentityPartitionAndRegion(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-west-2")
	for _, test := range []struct {
		function string
		want     in
	}{
		{function: "getCallerIdentity", want: in{
			"accountId": "123456789012", "arn": "arn:aws:sts::123456789012:assumed-role/platform-deploy/rehearsal",
		}},
		{
			function: "getPartition",
			want:     in{"partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws"},
		},
		{function: "getRegion", want: in{"name": "us-west-2", "endpoint": "ec2.us-west-2.amazonaws.com"}},
	} {
		answer, refused, err := aws.Invoke("aws:index/"+test.function+":"+test.function, nil)
		require.NoError(t, err)
		require.Empty(t, refused)

		for name, value := range test.want {
			assert.Equal(t, value, answer.Mappable()[name], test.function+"."+name)
		}
	}
}

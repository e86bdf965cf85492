package aws_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const endpointServiceFunction = "aws:ec2/getVpcEndpointService:getVpcEndpointService"

func TestEndpointServices(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")

	for _, test := range []struct {
		region, service, kind string
		private               string
		zones                 int
	}{
		{"us-east-1", "ecr.api", "Interface", "api.ecr.us-east-1.amazonaws.com", 6},
		{"us-east-1", "ecr.dkr", "Interface", "*.dkr.ecr.us-east-1.amazonaws.com", 6},
		{"us-west-1", "sts", "Interface", "sts.us-west-1.amazonaws.com", 2},
		{"eu-central-1", "eks-auth", "Interface", "eks-auth.eu-central-1.api.aws", 3},
		{"us-east-1", "s3", "Gateway", "", 6},
		{"us-east-1", "s3", "Interface", "*.s3.us-east-1.amazonaws.com", 6},
		{"us-east-1", "dynamodb", "Interface", "", 6},
	} {
		for argument, value := range map[string]string{
			"serviceName": "com.amazonaws." + test.region + "." + test.service,
		} {
			answer, refused, err := e.AWS(test.region).Invoke(endpointServiceFunction, in{
				argument: value, "serviceType": test.kind,
			})
			require.NoError(t, err)
			require.Empty(t, refused)
			assert.Equal(t, "com.amazonaws."+test.region+"."+test.service, answer["serviceName"].StringValue())
			assert.Equal(t, test.kind, answer["serviceType"].StringValue())
			assert.Equal(t, test.private, answer["privateDnsName"].StringValue())
			assert.Len(t, answer["availabilityZones"].ArrayValue(), test.zones)
			assert.Equal(t, test.region+"a", answer["availabilityZones"].ArrayValue()[0].StringValue())
			assert.Equal(t, value, answer[resource.PropertyKey(argument)].StringValue(), "an argument is an output too")
		}
	}
}

func TestCommonServicesHaveInterfaceEndpoints(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("eu-west-1")

	for _, service := range []string{
		"autoscaling", "ec2", "ec2messages", "eks", "elasticloadbalancing", "kms", "logs", "monitoring",
		"secretsmanager", "sns", "sqs", "ssm", "ssmmessages",
	} {
		answer, _, err := aws.Invoke(endpointServiceFunction, in{"serviceName": "com.amazonaws.eu-west-1." + service})
		require.NoError(t, err, service)
		assert.Equal(t, "Interface", answer["serviceType"].StringValue(), service)
		assert.Equal(t, service+".eu-west-1.amazonaws.com", answer["privateDnsName"].StringValue())
	}
}

func TestUnknownEndpointServices(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")

	for want, arguments := range map[string]in{
		"reading EC2 VPC Endpoint Services: couldn't find resource": {"serviceName": "com.amazonaws.us-east-1.weather"},
		"VPC Endpoint Services: couldn't find resource":             {"serviceName": "com.amazonaws.eu-west-1.sts"},
		"no matching EC2 VPC Endpoint Service found": {
			"serviceName": "com.amazonaws.us-east-1.s3express", "serviceType": "Interface",
		},
		"matching EC2 VPC Endpoint Service found": {
			"serviceName": "com.amazonaws.us-east-1.sts", "serviceType": "Gateway",
		},
		"multiple EC2 VPC Endpoint Services matched":    {"serviceName": "com.amazonaws.us-east-1.s3"},
		"use additional constraints":                    {},
		"argument tags of getVpcEndpointService is not": {"tags": in{"a": "b"}},
	} {
		_, refused, err := aws.Invoke(endpointServiceFunction, arguments)
		require.ErrorContains(t, err, want)
		assert.Empty(t, refused)
	}
}

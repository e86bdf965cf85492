package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const endpointServiceFunction = "aws:ec2/getVpcEndpointService:getVpcEndpointService"

func TestEndpointServices(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")

	for _, test := range []struct {
		region, service, private string
		zones                    int
	}{
		{"us-east-1", "ecr.api", "api.ecr.us-east-1.amazonaws.com", 6},
		{"us-east-1", "ecr.dkr", "*.dkr.ecr.us-east-1.amazonaws.com", 6},
		{"us-west-1", "sts", "sts.us-west-1.amazonaws.com", 2},
		{"eu-central-1", "eks-auth", "eks-auth.eu-central-1.api.aws", 3},
		{"us-east-1", "s3", "*.s3.us-east-1.amazonaws.com", 6},
		{"us-east-1", "dynamodb", "", 6},
	} {
		name := "com.amazonaws." + test.region + "." + test.service
		answer, refused, err := e.AWS(test.region).Invoke(endpointServiceFunction, in{
			"serviceName": name, "serviceType": "Interface",
		})
		require.NoError(t, err)
		require.Empty(t, refused)
		assert.Equal(t, name, answer["serviceName"].StringValue(), "an argument is an output too")
		assert.Equal(t, test.private, answer["privateDnsName"].StringValue())
		assert.Len(t, answer["availabilityZones"].ArrayValue(), test.zones)
		assert.Equal(t, test.region+"a", answer["availabilityZones"].ArrayValue()[0].StringValue())
	}
}

// Some services of China have another name, and each has one only.
func TestEndpointServicesOfChina(t *testing.T) {
	t.Parallel()

	china := enginetest.Start(t, "").AWS("cn-north-1")

	for name, private := range map[string]string{
		"cn.com.amazonaws.cn-north-1.ecr.api": "api.ecr.cn-north-1.amazonaws.com.cn",
		"com.amazonaws.cn-north-1.logs":       "logs.cn-north-1.amazonaws.com.cn",
		"com.amazonaws.cn-north-1.eks-auth":   "eks-auth.cn-north-1.api.amazonwebservices.com.cn",
		"cn.com.amazonaws.cn-north-1.logs":    "",
		"com.amazonaws.cn-north-1.ecr.api":    "",
	} {
		answer, _, err := china.Invoke(endpointServiceFunction, in{"serviceName": name, "serviceType": "Interface"})
		if private == "" {
			require.ErrorContains(t, err, "couldn't find resource", name)

			continue
		}

		require.NoError(t, err, name)
		assert.Equal(t, private, answer["privateDnsName"].StringValue())
	}
}

func TestCommonServicesHaveInterfaceEndpoints(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("eu-west-1")

	for _, service := range []string{
		"autoscaling", "ec2", "ec2messages", "eks", "elasticloadbalancing", "kms", "logs", "monitoring",
		"secretsmanager", "sns", "sqs", "ssm", "ssmmessages",
	} {
		answer, _, err := aws.Invoke(endpointServiceFunction, in{
			"serviceName": "com.amazonaws.eu-west-1." + service, "serviceType": "Interface",
		})
		require.NoError(t, err, service)
		assert.Equal(t, service+".eu-west-1.amazonaws.com", answer["privateDnsName"].StringValue())
	}
}

func TestUnknownEndpointServices(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")

	arguments := func(name, kind string) in { return in{"serviceName": "com.amazonaws." + name, "serviceType": kind} }

	for want, asked := range map[string]in{
		"reading EC2 VPC Endpoint Services: couldn't find resource": arguments("us-east-1.weather", "Interface"),
		"VPC Endpoint Services: couldn't find resource":             arguments("eu-west-1.sts", "Interface"),
		"no matching EC2 VPC Endpoint Service found":                arguments("us-east-1.s3express", "Interface"),
		"only Interface is simulated":                               arguments("us-east-1.s3", "Gateway"),
		"argument tags of getVpcEndpointService is not":             {"tags": in{"a": "b"}},
	} {
		_, refused, err := aws.Invoke(endpointServiceFunction, asked)
		require.ErrorContains(t, err, want)
		assert.Empty(t, refused)
	}
}

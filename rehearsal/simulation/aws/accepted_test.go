package aws_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestAcceptedNetworks(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	accepts(t, n.aws, vpcType, map[string]in{
		"the largest":          {"cidrBlock": "10.8.0.0/16"},
		"the smallest":         {"cidrBlock": "10.9.0.0/28"},
		"the same block again": {"cidrBlock": "10.0.0.0/16"},
	})
	accepts(t, n.aws, subnetType, map[string]in{
		"beside the other":   {"vpcId": n.vpc.ID, "cidrBlock": "10.0.0.0/24", "availabilityZone": "us-east-1a"},
		"a zone by its id":   {"vpcId": n.vpc.ID, "cidrBlock": "10.0.2.0/24", "availabilityZoneId": "use1-az4"},
		"no zone":            {"vpcId": n.vpc.ID, "cidrBlock": "10.0.3.0/24"},
		"the smallest":       {"vpcId": n.vpc.ID, "cidrBlock": "10.0.4.0/28"},
		"the end of the VPC": {"vpcId": n.vpc.ID, "cidrBlock": "10.0.255.0/24"},
	})

	other := n.aws.Create(vpcType, "other", in{"cidrBlock": "10.0.0.0/16"})
	accepts(t, n.aws, subnetType, map[string]in{
		"a block that another VPC's subnet has": {"vpcId": other.ID, "cidrBlock": "10.0.1.0/24"},
		"two zones of one region": {
			"vpcId": other.ID, "cidrBlock": "10.0.2.0/24", "availabilityZone": "us-east-1f",
		},
	})
	accepts(t, n.aws, gatewayType, map[string]in{
		"of another VPC": {"vpcId": other.ID}, "of none": {}, "of none either": {},
	})
	refuses(t, n.aws, subnetType, map[string]in{
		"availabilityZone: conflicts with availabilityZoneId": {
			"vpcId": n.vpc.ID, "cidrBlock": "10.0.9.0/24", "availabilityZone": "us-east-1a", "availabilityZoneId": "use1-az1",
		},
	})
}

func TestAcceptedRoutes(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	route := func(change in) in {
		inputs := in{"routeTableId": n.table.ID}
		maps.Copy(inputs, change)

		return inputs
	}
	accepts(t, n.aws, routeType, map[string]in{
		"a gateway": route(in{"destinationCidrBlock": "10.1.0.0/16", "gatewayId": n.gateway.ID}),
		"the main table": {
			"routeTableId": n.vpc.Text("mainRouteTableId"), "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": n.nat.ID,
		},
	})
	refuses(t, n.aws, routeType, map[string]in{
		"RouteAlreadyExists: The route identified by 10.1.0.0/16": route(in{
			"destinationCidrBlock": "10.1.0.0/16", "gatewayId": n.gateway.ID,
		}),
	})
	declines(t, n.aws, routeType, map[string]in{
		"transitGatewayId is not simulated": route(in{
			"destinationCidrBlock": "10.5.0.0/16", "transitGatewayId": "tgw-1",
		}),
	})
}

// A gateway can be deleted while routes lead to it: they are black holes then.
func TestRoutesDoNotProtectTheirTarget(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	require.NoError(t, n.aws.Delete(n.nat))
	assert.NotEmpty(t, n.aws.Read(n.route).ID)

	fixed := n.aws.Update(n.route, in{
		"routeTableId": n.table.ID, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": n.gateway.ID,
	})
	assert.Equal(t, n.gateway.ID, fixed.Text("gatewayId"))
	assert.Empty(t, fixed.Text("natGatewayId"))
}

func TestAcceptedRules(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	rule := func(change in) in {
		inputs := in{"securityGroupId": n.group.ID, "ipProtocol": "tcp", "fromPort": 80, "toPort": 80}
		maps.Copy(inputs, change)

		return inputs
	}
	accepts(t, n.aws, ingressType, map[string]in{
		"a block":         rule(in{"cidrIpv4": "10.0.0.0/8"}),
		"another block":   rule(in{"cidrIpv4": "10.0.0.0/16"}),
		"another port":    rule(in{"cidrIpv4": "10.0.0.0/8", "toPort": 81}),
		"IPv6":            rule(in{"cidrIpv6": "::/0"}),
		"a prefix list":   rule(in{"prefixListId": "pl-1"}),
		"its own group":   rule(in{"referencedSecurityGroupId": n.group.ID}),
		"a VPC's group":   rule(in{"referencedSecurityGroupId": n.vpc.Text("defaultSecurityGroupId")}),
		"another group's": rule(in{"securityGroupId": n.vpc.Text("defaultSecurityGroupId"), "cidrIpv4": "10.0.0.0/8"}),
	})
	refuses(t, n.aws, ingressType, map[string]in{
		"InvalidPermission.Duplicate":                  rule(in{"cidrIpv4": "10.0.0.0/8"}),
		"InvalidGroup.NotFound: The security group 's": rule(in{"referencedSecurityGroupId": "sg-" + absent}),
	})
	require.NoError(t, n.aws.Delete(n.group), "a rule that names its own group does not protect it")
}

func TestLegacyRulesProtectTheirSourceGroup(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	other := n.aws.Create(groupType, "other", in{"vpcId": n.vpc.ID})
	rule := in{
		"securityGroupId": n.group.ID, "type": "ingress", "protocol": "tcp", "fromPort": 1, "toPort": 2,
		"sourceSecurityGroupId": other.ID,
	}
	made := n.aws.Create(ruleType, "rule", rule)
	require.ErrorContains(t, n.aws.Delete(other), "DependencyViolation")

	egress := maps.Clone(rule)
	egress["type"] = "egress"
	assert.NotEqual(t, made.ID, n.aws.Create(ruleType, "out", egress).ID)
	refuses(t, n.aws, ruleType, map[string]in{"InvalidGroup.NotFound": {
		"securityGroupId": "sg-" + absent, "type": "ingress", "protocol": "tcp", "fromPort": 1, "toPort": 2, "self": true,
	}})
	require.NoError(t, n.aws.Delete(n.group))
	require.NoError(t, n.aws.Delete(other))
}

func TestAcceptedEndpoints(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	network := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": true})
	endpoint := func(service string, change in) in {
		inputs := in{"vpcId": network.ID, "serviceName": service, "vpcEndpointType": "Interface"}
		maps.Copy(inputs, change)

		return inputs
	}
	accepts(t, aws, endpointType, map[string]in{
		"private names":        endpoint("com.amazonaws.us-east-1.ecr.api", in{"privateDnsEnabled": true}),
		"S3 with an interface": endpoint("com.amazonaws.us-east-1.s3", nil),
		"DynamoDB":             {"vpcId": network.ID, "serviceName": "com.amazonaws.us-east-1.dynamodb"},
	})

	refuses(t, aws, endpointType, map[string]in{
		"InvalidServiceName: The Vpc Endpoint Service '' does not": {"vpcId": network.ID},
		"InvalidGroup.NotFound": endpoint("com.amazonaws.us-east-1.ecr.api", in{"securityGroupIds": []any{"sg-" + absent}}),
		"InvalidVpcID.NotFound": endpoint("com.amazonaws.us-east-1.s3", in{"vpcId": "vpc-" + absent}),
	})
}

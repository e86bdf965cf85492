package network_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/network"
)

func TestOnlyPrivateSubnetsReachS3ByTheEndpoint(t *testing.T) {
	t.Parallel()

	run(t).One(t, endpointType, "network-s3").
		Under("network").
		Refers("vpcId", vpcType, "network-vpc").
		Has("serviceName", "com.amazonaws.us-east-1.s3").
		Has("vpcEndpointType", "Gateway").
		Refers("routeTableIds[0]", tableType, "network-private-a").
		Refers("routeTableIds[1]", tableType, "network-private-b").
		HasNo("routeTableIds[2]").
		HasNo("subnetIds").
		HasNo("securityGroupIds")
}

func TestWithoutTheSettingThereAreNoInterfaceEndpoints(t *testing.T) {
	t.Parallel()

	g := run(t)

	assert.Equal(t, []string{"network-s3"}, names(g, endpointType))
	assert.Equal(t, []string{"network-nodes"}, names(g, securityGroupType))
	g.None(t, ingressRuleType)
}

func TestInterfaceEndpointsAreInThePrivateSubnets(t *testing.T) {
	t.Parallel()

	g := run(t, withEndpoints)

	for name, service := range map[string]string{
		"network-ecr-api": "com.amazonaws.us-east-1.ecr.api",
		"network-sts":     "com.amazonaws.us-east-1.sts",
	} {
		g.One(t, endpointType, name).
			Under("network").
			Refers("vpcId", vpcType, "network-vpc").
			Has("serviceName", service).
			Has("vpcEndpointType", "Interface").
			Has("privateDnsEnabled", true).
			Refers("subnetIds[0]", subnetType, "network-private-a").
			Refers("subnetIds[1]", subnetType, "network-private-b").
			HasNo("subnetIds[2]").
			Refers("securityGroupIds[0]", securityGroupType, "network-endpoints").
			HasNo("securityGroupIds[1]").
			HasNo("routeTableIds")
	}

	assert.Len(t, g.All(endpointType), 3)
}

func TestInterfaceEndpointsAnswerOnlyTheVPC(t *testing.T) {
	t.Parallel()

	g := run(t, withEndpoints)

	g.One(t, securityGroupType, "network-endpoints").
		Under("network").
		Refers("vpcId", vpcType, "network-vpc").
		Has("name", "sandbox-network-endpoints").
		HasNo("ingress").
		HasNo("egress")

	rule := g.One(t, ingressRuleType, "network-endpoints").
		Under("network").
		Refers("securityGroupId", securityGroupType, "network-endpoints").
		Has("cidrIpv4", "10.10.0.0/16").
		Has("ipProtocol", "tcp").
		Has("fromPort", 443).
		Has("toPort", 443)
	for _, source := range []string{"cidrIpv6", "prefixListId", "referencedSecurityGroupId"} {
		rule.HasNo(source)
	}

	assert.Equal(t, []string{"network-endpoints", "network-nodes"}, names(g, securityGroupType))
	assert.Len(t, g.All(ingressRuleType), 1)
}

func TestRulesAndGroupsHaveDescriptions(t *testing.T) {
	t.Parallel()

	g := run(t, withEndpoints)

	for _, resourceType := range []string{securityGroupType, ingressRuleType} {
		for _, r := range g.All(resourceType) {
			assert.NotEmpty(t, r.Inputs["description"].StringValue(), r.URN)
		}
	}
}

// withEndpoints adds two interface endpoints.
func withEndpoints(args *network.Args) {
	args.InterfaceEndpoints = map[string]string{
		"ecr.api": "com.amazonaws.us-east-1.ecr.api", "sts": "com.amazonaws.us-east-1.sts",
	}
}

package stacks_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
)

const (
	ingressRuleType  = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	egressRuleType   = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	databaseType     = "aws:rds/instance:Instance"
	cacheType        = "aws:elasticache/replicationGroup:ReplicationGroup"
	loadBalancerType = "aws:lb/loadBalancer:LoadBalancer"
	internet         = "the internet"
)

func TestReachability(t *testing.T) {
	t.Parallel()

	want := map[string][]string{
		"the internet → the load balancer": {"80", "443"},
		"the load balancer → a node":       {"30080", "30443"},
		"a node → the database":            {"3306"},
		"a node → the cache":               {"6379"},
	}

	for _, environment := range environments(t) {
		assert.Equal(t, want, reachable(t, deploy(t, environment, nil)), environment)
	}
}

// The tests below read only these properties of rules.
func TestRulesNamePartiesAndPorts(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		g := deploy(t, environment, nil)
		g.None(t, "aws:ec2/securityGroupRule:SecurityGroupRule")

		for _, group := range g.All("aws:ec2/securityGroup:SecurityGroup") {
			assert.NotContains(t, group.Inputs, resource.PropertyKey("ingress"), group.Name)
			assert.NotContains(t, group.Inputs, resource.PropertyKey("egress"), group.Name)
		}

		for _, rule := range slices.Concat(g.All(ingressRuleType), g.All(egressRuleType)) {
			assert.Equal(t, "tcp", text(rule, "ipProtocol"), rule.Name)
			assert.Equal(t, rule.Inputs["fromPort"], rule.Inputs["toPort"], rule.Name)

			for _, property := range []resource.PropertyKey{"prefixListId", "cidrIpv6"} {
				assert.NotContains(t, rule.Inputs, property, rule.Name)
			}
		}
	}
}

// No route leads from a data subnet out of the VPC, whatever security groups allow.
func TestNoTrafficLeavesDataSubnets(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		g := deploy(t, environment, nil)
		tables := 0

		for _, association := range g.All("aws:ec2/routeTableAssociation:RouteTableAssociation") {
			if !slices.Contains(textsOf(g.All(databaseSubnets)[0], "subnetIds"), text(association, "subnetId")) {
				continue
			}

			tables++

			for _, route := range g.All(routeType) {
				assert.NotEqual(t, text(association, "routeTableId"), text(route, "routeTableId"), route.Name)
			}

			for _, endpoint := range g.All("aws:ec2/vpcEndpoint:VpcEndpoint") {
				assert.NotContains(t, textsOf(endpoint, "routeTableIds"), text(association, "routeTableId"), endpoint.Name)
			}
		}

		assert.Equal(t, len(textsOf(g.All(databaseSubnets)[0], "subnetIds")), tables, "each has a table")
		assert.Equal(t, textsOf(g.All(databaseSubnets)[0], "subnetIds"),
			textsOf(g.All("aws:elasticache/subnetGroup:SubnetGroup")[0], "subnetIds"))

		for _, table := range g.All("aws:ec2/routeTable:RouteTable") {
			assert.NotContains(t, table.Inputs, resource.PropertyKey("routes"), table.Name)
		}
	}
}

const databaseSubnets = "aws:rds/subnetGroup:SubnetGroup"

// reachable returns the connections that security groups allow, with their ports: one group allows the connection out,
// and the other allows it in. EKS decides the rules of its own group.
func reachable(t *testing.T, g *graphtest.Graph) map[string][]string {
	t.Helper()

	ways := make(map[string][]string)

	for _, in := range g.All(ingressRuleType) {
		for _, from := range carriers(t, g, text(in, "referencedSecurityGroupId"), text(in, "cidrIpv4")) {
			for _, to := range carriers(t, g, text(in, "securityGroupId"), "") {
				if port := fmt.Sprint(in.Inputs["fromPort"].NumberValue()); letsOut(g, from, in) {
					way := from + " → " + to
					ways[way] = append(ways[way], port)
				}
			}
		}
	}

	for _, ports := range ways {
		slices.SortFunc(ports, func(a, b string) int { return len(a)*100 - len(b)*100 })
	}

	return ways
}

// letsOut reports whether the source of an ingress rule has a matching egress rule. The internet needs none, and nodes
// have one in EKS's group.
func letsOut(g *graphtest.Graph, from string, in *graphtest.Resource) bool {
	if from == internet || from == "a node" {
		return true
	}

	return slices.ContainsFunc(g.All(egressRuleType), func(out *graphtest.Resource) bool {
		return text(out, "securityGroupId") == text(in, "referencedSecurityGroupId") &&
			text(out, "referencedSecurityGroupId") == text(in, "securityGroupId") &&
			out.Inputs["fromPort"].DeepEquals(in.Inputs["fromPort"])
	})
}

// carriers returns the resources with a security group, or in a range.
func carriers(t *testing.T, g *graphtest.Graph, group, cidr string) []string {
	t.Helper()

	if cidr == "0.0.0.0/0" {
		return []string{internet}
	}

	require.Empty(t, cidr, "an address range is not a party")

	var found []string

	for _, party := range []struct{ name, resourceType, groups string }{
		{"a node", "aws:ec2/launchTemplate:LaunchTemplate", "vpcSecurityGroupIds"},
		{"the database", databaseType, "vpcSecurityGroupIds"},
		{"the cache", cacheType, "securityGroupIds"},
		{"the load balancer", loadBalancerType, "securityGroups"},
	} {
		for _, r := range g.All(party.resourceType) {
			if slices.Contains(textsOf(r, party.groups), group) {
				found = append(found, party.name)
			}
		}
	}

	require.NotEmpty(t, found, "%s belongs to no resource", group)

	return found
}

// text returns an input, or an empty string.
func text(r *graphtest.Resource, property resource.PropertyKey) string {
	if value := r.Inputs[property]; value.IsString() {
		return value.StringValue()
	}

	return ""
}

// textsOf returns the items of an input that is a list.
func textsOf(r *graphtest.Resource, property string) []string {
	var found []string

	if list := r.Inputs[resource.PropertyKey(property)]; list.IsArray() {
		for _, member := range list.ArrayValue() {
			found = append(found, member.StringValue())
		}
	}

	return found
}

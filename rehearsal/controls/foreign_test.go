package controls_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

// inForeignVPC returns an environment whose VPC and subnets another owner created.
func inForeignVPC(t *testing.T, mutations ...mutation) controls.Environment {
	t.Helper()

	environment := golden(t, "staging")

	for _, resourceType := range []string{
		"aws:ec2/vpc:Vpc", "aws:ec2/natGateway:NatGateway", "aws:ec2/internetGateway:InternetGateway",
		"aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/flowLog:FlowLog", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
		subnet, route, routeTable, tableAssociation,
	} {
		remove(resourceType, "")(&environment)
	}

	for _, mutate := range mutations {
		mutate(&environment)
	}

	return environment
}

// What the state does not show neither passes nor fails.
func TestControlsOfANetworkDoNotApplyToAForeignVPC(t *testing.T) {
	t.Parallel()

	environment := inForeignVPC(t)

	for _, id := range []string{"N1", "N2", "N3", "N4", "N7", "N8", "N9", "W1", "W4", "D1", "D9", "L1"} {
		found := finding(t, environment, id)
		assert.Equal(t, controls.NotApplicable, found.Result, "%s: %s", id, found.Reason)
		assert.Contains(t, found.Reason, "Vpc-network-vpc", id)
		assert.Empty(t, found.Evidence, id)
	}

	for _, found := range controls.Check(environment) {
		assert.NotEqual(t, controls.Fail, found.Result, "%s: %s", found.ID, found.Reason)
	}
}

// The environment's own resources are checked in any VPC.
func TestControlsFailInAForeignVPC(t *testing.T) {
	t.Parallel()

	const database, balancer = "aws:rds/instance:Instance", "aws:lb/loadBalancer:LoadBalancer"

	for id, test := range map[string]struct {
		name   string
		mutate mutation
	}{
		"D1": {"database-instance", set(database, "database-instance", "publiclyAccessible", true)},
		"L1": {"ingress-balancer", set(balancer, "ingress-balancer", "enableCrossZoneLoadBalancing", false)},
		"W1": {
			"cluster-nodes-general-a",
			set("aws:eks/nodeGroup:NodeGroup", "cluster-nodes-general-a", "remoteAccess", object{"ec2SshKey": "a"}),
		},
		"D9": {
			"cache-nodes",
			set("aws:elasticache/replicationGroup:ReplicationGroup", "cache-nodes", "atRestEncryptionEnabled", false),
		},
		"W4": {
			"cluster-nodes-general-a", set("aws:eks/nodeGroup:NodeGroup", "cluster-nodes-general-a", "capacityType", "SPOT"),
		},
	} {
		assertFails(t, inForeignVPC(t, test.mutate), id, test.name)
	}
}

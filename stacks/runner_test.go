package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const projectType = "aws:codebuild/project:Project"

// withRunner adds the runner.
func withRunner() map[string]string {
	return map[string]string{"platform:runner": `{"repository": "https://github.com/msur/platform"}`}
}

func TestTheRunnerNeedsASetting(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		without, with := deploy(t, environment, nil), deploy(t, environment, withRunner())

		without.None(t, projectType)
		with.One(t, projectType, "runner-project").Has("name", environment+"-runner")

		before, after := inputs(without), inputs(with)
		for urn := range before {
			assert.Equal(t, before[urn], after[urn], "the runner changes nothing else")
		}
	}
}

func TestTheRunnerReachesThePrivateAPIServer(t *testing.T) {
	t.Parallel()

	g := deploy(t, "staging", withRunner())

	g.One(t, projectType, "runner-project").
		Refers("vpcConfig.vpcId", "aws:ec2/vpc:Vpc", "network-vpc").
		Refers("vpcConfig.subnets[0]", "aws:ec2/subnet:Subnet", "network-private-a").
		Refers("vpcConfig.securityGroupIds[0]", "aws:ec2/securityGroup:SecurityGroup", "runner-access").
		Refers("encryptionKey", keyType, "encryption-key")
	g.One(t, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "runner-into-api").
		DependsOn("cluster-eksCluster").
		Has("securityGroupId", "SecurityGroup-eks-staging")
	g.One(t, logGroupType, "runner-logs").Has("retentionInDays", 90).Refers("kmsKeyId", keyType, "encryption-key")
}

package stacks_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/stacks"
)

const (
	providerType = "pulumi:providers:aws"
	logGroupType = "aws:cloudwatch/logGroup:LogGroup"
	keyType      = "aws:kms/key:Key"
	clusterType  = "aws:eks/cluster:Cluster"
	// componentType is that of @pulumi/eks, the parent of the cluster.
	componentType = "eks:index:Cluster"
)

func TestTheGraphOfEachEnvironment(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		t.Run(environment, func(t *testing.T) {
			t.Parallel()
			deploy(t, environment, nil).Golden(t, filepath.Join("testdata", environment+".json"))
		})
	}
}

func TestEachKindOfResourceHasOneProvider(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		g := deploy(t, environment, nil)

		g.One(t, providerType, "aws").
			Has("region", "us-east-1").
			Has("defaultTags.tags", map[string]any{
				"Environment": environment, "Project": "platform", "ManagedBy": "pulumi",
			})
		assert.Len(t, g.All(providerType), 1)

		assert.Len(t, g.All(kubernetesType), 1)

		for _, r := range g.Customs() {
			provider := g.All(providerType)[0]
			if strings.HasPrefix(r.Type, "kubernetes:") {
				provider = g.All(kubernetesType)[0]
			}

			assert.Equal(t, string(provider.URN)+"::"+provider.ID, r.Provider, r.URN)
		}
	}
}

func TestThePolicyOfEachEnvironment(t *testing.T) {
	t.Parallel()

	sandbox, staging := deploy(t, "sandbox", nil), deploy(t, "staging", nil)

	sandbox.One(t, keyType, "encryption-key").Has("deletionWindowInDays", 7)
	staging.One(t, keyType, "encryption-key").Has("deletionWindowInDays", 30)
	sandbox.One(t, logGroupType, "network-flow-logs").Has("retentionInDays", 7)
	staging.One(t, logGroupType, "network-flow-logs").Has("retentionInDays", 90)
	sandbox.One(t, logGroupType, "cluster-logs").Has("retentionInDays", 7)
	staging.One(t, logGroupType, "cluster-logs").Has("retentionInDays", 90)
}

func TestLogsAndSecretsAreEncryptedWithTheEnvironmentsKey(t *testing.T) {
	t.Parallel()

	g := deploy(t, "sandbox", nil)

	for _, group := range []string{"network-flow-logs", "cluster-logs"} {
		g.One(t, logGroupType, group).DependsOn("encryption-key").Refers("kmsKeyId", keyType, "encryption-key")
	}

	g.One(t, clusterType, "cluster-eksCluster").
		Refers("encryptionConfig.provider.keyArn", keyType, "encryption-key").
		Has("encryptionConfig.resources", []any{"secrets"})
}

// A log group can be created only if the key's policy names it.
func TestTheKeyEncryptsOnlyLogGroupsOfTheEnvironment(t *testing.T) {
	t.Parallel()

	g := deploy(t, "sandbox", nil)
	policy := g.All(keyType)[0].Inputs["policy"].StringValue()

	assert.Contains(t, policy, ":log-group:/aws/eks/sandbox/cluster")
	assert.Contains(t, policy, ":log-group:sandbox-*")
}

func TestThePrivateZoneIsNamedAfterTheEnvironment(t *testing.T) {
	t.Parallel()

	deploy(t, "staging", nil).One(t, "aws:route53/zone:Zone", "network-dns").Has("name", "staging.msur-vpc.com")
}

func TestOutputs(t *testing.T) {
	t.Parallel()

	environment, err := stacks.Load("sandbox",
		configuration(t, "sandbox", network(`["b", "a"]`, "single")), project, now())
	require.NoError(t, err)

	var (
		values  graphtest.Values
		outputs *stacks.Outputs
	)

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		var err error

		outputs, err = stacks.Deploy(ctx, environment)
		if err != nil {
			return err
		}

		values.Keep("vpc", outputs.VPCID)
		values.Keep("public", outputs.PublicSubnetIDs)
		values.Keep("private", outputs.PrivateSubnetIDs)
		values.Keep("data", outputs.DataSubnetIDs)
		values.Keep("cluster", outputs.ClusterName)
		values.Keep("endpoint", outputs.ClusterEndpoint)
		values.Keep("groups", outputs.NodeGroups)

		return nil
	}, graphtest.InStack("sandbox"))

	assert.Equal(t, "sandbox", outputs.Environment)
	assert.Equal(t, []string{"a", "b"}, outputs.Zones)
	values.Has(t, "vpc", "Vpc-network-vpc")
	values.Has(t, "public", []string{"Subnet-network-public-a", "Subnet-network-public-b"})
	values.Has(t, "private", []string{"Subnet-network-private-a", "Subnet-network-private-b"})
	values.Has(t, "data", []string{"Subnet-network-data-a", "Subnet-network-data-b"})
	values.Has(t, "cluster", "sandbox")
	values.Has(t, "endpoint", "https://sandbox.eks.example.com")
	values.Has(t, "groups", []string{"sandbox-general-a-1", "sandbox-general-b-1"})
	assert.True(t, pulumi.IsSecret(outputs.Kubeconfig), "the kubeconfig is a secret")
}

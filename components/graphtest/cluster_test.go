package graphtest_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
)

const clusterType = "aws:eks/cluster:Cluster"

// clusterProgram creates a cluster with the component, and keeps the outputs that programs read.
func clusterProgram(values *graphtest.Values, options ...pulumi.ResourceOption) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		provider, err := aws.NewProvider(ctx, "ours", &aws.ProviderArgs{Region: pulumi.String(graphtest.Region)})
		if err != nil {
			return err
		}

		api := eks.AuthenticationModeApi

		made, err := eks.NewCluster(ctx, "main", &eks.ClusterArgs{
			Name: pulumi.String("sandbox"), Version: pulumi.String("1.35"), AuthenticationMode: &api,
			SubnetIds:              pulumi.ToStringArray([]string{"subnet-a"}),
			EndpointPrivateAccess:  pulumi.Bool(true),
			EncryptionConfigKeyArn: pulumi.String("arn:key"),
			EnabledClusterLogTypes: pulumi.ToStringArray([]string{"audit"}),
		}, append(options, pulumi.Providers(provider))...)
		if err != nil {
			return err
		}

		values.Keep("name", made.EksCluster.Name())
		values.Keep("endpoint", made.EksCluster.Endpoint())
		values.Keep("arn", made.EksCluster.Arn())
		values.Keep("authority", made.EksCluster.CertificateAuthority().Data().Elem())
		values.Keep("group", made.EksCluster.VpcConfig().ClusterSecurityGroupId().Elem())

		return nil
	}
}

// runCluster runs the program with transforms, and returns the graph.
func runCluster(t *testing.T, transforms ...pulumi.ResourceTransform) *graphtest.Graph {
	t.Helper()

	var values graphtest.Values

	return graphtest.Run(t, clusterProgram(&values, pulumi.Transforms(transforms)))
}

func TestTheClusterHasTheComponentAsParentAndItsProvider(t *testing.T) {
	t.Parallel()

	g := runCluster(t)

	g.One(t, clusterType, "main-eksCluster").
		Under("main").
		Has("name", "sandbox").
		Has("version", "1.35").
		Has("enabledClusterLogTypes", []any{"audit"}).
		Has("accessConfig", map[string]any{
			"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": true,
		}).
		Has("vpcConfig", map[string]any{"subnetIds": []any{"subnet-a"}, "endpointPrivateAccess": true}).
		Has("encryptionConfig", map[string]any{
			"provider": map[string]any{"keyArn": "arn:key"}, "resources": []any{"secrets"},
		})

	provider := g.All("pulumi:providers:aws")[0]
	assert.Equal(t, string(provider.URN)+"::"+provider.ID, g.All(clusterType)[0].Provider)
	assert.Equal(t, g.All(componentType)[0].URN, g.All(clusterType)[0].Parent)
}

func TestTheClusterHasTheInputsOfTheComponent(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, func(ctx *pulumi.Context) error {
		_, err := eks.NewCluster(ctx, "main", &eks.ClusterArgs{
			Name: pulumi.String("open"), EndpointPublicAccess: pulumi.Bool(true),
			PublicAccessCidrs: pulumi.ToStringArray([]string{"203.0.113.0/24"}),
		})

		return err
	})

	g.One(t, clusterType, "main-eksCluster").
		Has("vpcConfig.endpointPublicAccess", true).
		Has("vpcConfig.publicAccessCidrs", []any{"203.0.113.0/24"}).
		HasNo("vpcConfig.endpointPrivateAccess").
		HasNo("encryptionConfig").
		HasNo("version").
		HasNo("enabledClusterLogTypes")
	assert.Empty(t, g.All(clusterType)[0].Provider, "the default provider")
}

func TestTheClusterHasTheOutputsThatProgramsRead(t *testing.T) {
	t.Parallel()

	var values graphtest.Values

	graphtest.Run(t, clusterProgram(&values))

	values.Has(t, "name", "sandbox")
	values.Has(t, "endpoint", "https://sandbox.eks.example.com")
	values.Has(t, "arn", "arn:aws:eks:us-east-1:123456789012:cluster/sandbox")
	values.Has(t, "authority", "Q0E=")
	values.Has(t, "group", "SecurityGroup-eks-sandbox")
}

// set returns a transform that sets one input.
func set(name, value string) pulumi.ResourceTransform {
	return func(_ context.Context, child *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
		child.Props[name] = pulumi.String(value)

		return &pulumi.ResourceTransformResult{Props: child.Props, Opts: child.Opts}
	}
}

func TestATransformThatReturnsNilChangesNothing(t *testing.T) {
	t.Parallel()

	nothing := func(_ context.Context, child *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
		child.Props["name"] = pulumi.String("not returned")

		return nil
	}

	assert.Equal(t, runCluster(t).All(clusterType)[0].Inputs, runCluster(t, nothing).All(clusterType)[0].Inputs)
}

func TestTransformsAreAppliedInOrder(t *testing.T) {
	t.Parallel()

	runCluster(t, set("version", "1.36"), set("roleArn", "arn:role"), set("version", "1.37")).
		One(t, clusterType, "main-eksCluster").
		Has("version", "1.37").
		Has("roleArn", "arn:role").
		Has("name", "sandbox").
		Has("vpcConfig.endpointPrivateAccess", true)
}

func TestATransformCanProtectTheCluster(t *testing.T) {
	t.Parallel()

	protect := func(_ context.Context, child *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
		child.Opts.Protect = true

		return &pulumi.ResourceTransformResult{Props: child.Props, Opts: child.Opts}
	}

	runCluster(t, protect, set("version", "1.36")).One(t, clusterType, "main-eksCluster").Protected()
	assert.False(t, runCluster(t, set("version", "1.36")).All(clusterType)[0].Protect)
}

func TestATransformGetsTheTypeAndNameOfTheCluster(t *testing.T) {
	t.Parallel()

	var (
		mutex sync.Mutex
		saw   []string
	)

	runCluster(t, func(_ context.Context, child *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
		mutex.Lock()
		defer mutex.Unlock()

		saw = append(saw, child.Type+" "+child.Name)

		return nil
	})

	assert.Equal(t, []string{clusterType + " main-eksCluster"}, saw)
}

func TestAFailedTransformFailsTheProgram(t *testing.T) {
	t.Parallel()

	var values graphtest.Values

	broken := pulumi.String("").ToStringOutput().ApplyT(func(string) (string, error) { return "", errors.New("broken") })
	breaking := func(_ context.Context, child *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
		child.Props["version"] = pulumi.Sprintf("%v", broken)

		return &pulumi.ResourceTransformResult{Props: child.Props, Opts: child.Opts}
	}

	g, err := graphtest.Try(clusterProgram(&values, pulumi.Transforms([]pulumi.ResourceTransform{breaking})))
	require.ErrorContains(t, err, "transforming main-eksCluster")
	g.None(t, clusterType)
}

package graphtest_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
)

func TestTheAccountHasAVersionOfEachAddonForEachMinor(t *testing.T) {
	t.Parallel()

	for _, name := range []string{
		"aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni",
	} {
		for minor, want := range map[string]string{"1.35": "v1.35.0-eksbuild.1", "1.36": "v1.36.0-eksbuild.1"} {
			version, err := addonVersion(name, minor)
			require.NoError(t, err, name)
			assert.Equal(t, want, version, name)
		}
	}

	_, err := addonVersion("weather", "1.35")
	assert.ErrorContains(t, err, "couldn't find resource")
}

func addonVersion(name, minor string) (string, error) {
	var version string

	_, err := graphtest.Try(func(ctx *pulumi.Context) error {
		found, err := awseks.GetAddonVersion(ctx, &awseks.GetAddonVersionArgs{AddonName: name, KubernetesVersion: minor})
		if err != nil {
			return err
		}

		version = found.Version

		return nil
	})

	return version, err
}

func TestASessionHasARole(t *testing.T) {
	t.Parallel()

	const account = graphtest.AccountID

	for arn, issuer := range map[string]string{
		"arn:aws:sts::" + account + ":assumed-role/platform-deploy/me": "arn:aws:iam::" + account + ":role/platform-deploy",
		"arn:aws:iam::" + account + ":user/ada":                        "arn:aws:iam::" + account + ":user/ada",
		"arn:aws:iam::" + account + ":role/x":                          "arn:aws:iam::" + account + ":role/x",
	} {
		var found *iam.GetSessionContextResult

		graphtest.Run(t, func(ctx *pulumi.Context) error {
			var err error

			found, err = iam.GetSessionContext(ctx, &iam.GetSessionContextArgs{Arn: arn})

			return err
		})

		assert.Equal(t, issuer, found.IssuerArn)
		assert.Equal(t, arn, found.Arn)
	}
}

func TestTheDeployingPrincipalIsARole(t *testing.T) {
	t.Parallel()

	var issuer string

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		caller, err := aws.GetCallerIdentity(ctx, &aws.GetCallerIdentityArgs{})
		if err != nil {
			return err
		}

		session, err := iam.GetSessionContext(ctx, &iam.GetSessionContextArgs{Arn: caller.Arn})
		if err != nil {
			return err
		}

		issuer = session.IssuerArn

		return nil
	})

	assert.Equal(t, "arn:aws:iam::"+graphtest.AccountID+":role/"+graphtest.Deployer, issuer)
}

func TestNodesHaveTheOutputsThatProgramsRead(t *testing.T) {
	t.Parallel()

	var values graphtest.Values

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		template, err := ec2.NewLaunchTemplate(ctx, "nodes", &ec2.LaunchTemplateArgs{})
		if err != nil {
			return err
		}

		group, err := awseks.NewNodeGroup(ctx, "nodes", &awseks.NodeGroupArgs{
			ClusterName: pulumi.String("sandbox"), NodeGroupNamePrefix: pulumi.String("sandbox-a-"),
			NodeRoleArn: pulumi.String("arn:role"), SubnetIds: pulumi.ToStringArray([]string{"subnet-a"}),
			ScalingConfig: awseks.NodeGroupScalingConfigArgs{
				MinSize: pulumi.Int(1), DesiredSize: pulumi.Int(1), MaxSize: pulumi.Int(1),
			},
		})
		if err != nil {
			return err
		}

		values.Keep("version", template.LatestVersion)
		values.Keep("name", group.NodeGroupName)

		return nil
	})

	values.Has(t, "version", 1)
	values.Has(t, "name", "sandbox-a-1")
}

func TestAFunctionAnswersForTheRegionOfItsProvider(t *testing.T) {
	t.Parallel()

	var there, here *aws.GetAvailabilityZonesResult

	graphtest.Run(t, func(ctx *pulumi.Context) error {
		provider, err := aws.NewProvider(ctx, "there", &aws.ProviderArgs{Region: pulumi.String("eu-west-1")})
		if err != nil {
			return err
		}

		there, err = aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{}, pulumi.Provider(provider))
		if err != nil {
			return err
		}

		here, err = aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{})

		return err
	})

	assert.Contains(t, there.Names, "eu-west-1a")
	assert.NotContains(t, there.Names, "us-east-1a")
	assert.Contains(t, here.Names, "us-east-1a")
}

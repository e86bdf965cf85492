package graphtest_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
)

const (
	componentType = "eks:index:Cluster"
	hidden        = `{"password": "correct horse"}`
)

func secret(text string) pulumi.StringOutput {
	return pulumi.ToSecret(pulumi.String(text)).(pulumi.StringOutput)
}

// secretive registers secrets, and a component with a role as an input.
func secretive(ctx *pulumi.Context) error {
	roles := make(map[string]*iam.Role)
	tags, _ := pulumi.ToSecret(pulumi.StringMap{"Name": pulumi.String("x")}).(pulumi.StringMapOutput)

	for name, policy := range map[string]pulumi.StringInput{
		"secret": secret(hidden), "prose": secret("no JSON"), "plain": pulumi.String(hidden),
	} {
		role, err := iam.NewRole(ctx, name, &iam.RoleArgs{AssumeRolePolicy: policy, Tags: tags})
		if err != nil {
			return err
		}

		roles[name] = role
	}

	_, err := eks.NewCluster(ctx, "main", &eks.ClusterArgs{Name: pulumi.String("main"), InstanceRole: roles["plain"]})

	return err
}

func TestAssertionsOnSecretsAndResources(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, secretive)

	g.One(t, roleType, "secret").SecretJSON("assumeRolePolicy", `{ "password" : "correct horse" }`)
	g.One(t, componentType, "main").Refers("instanceRole", roleType, "plain")

	for name, assertion := range map[string]func(t testing.TB){
		"SecretJSON of another value": func(t testing.TB) {
			g.One(t, roleType, "secret").SecretJSON("assumeRolePolicy", `{"password": "battery staple"}`)
		},
		"SecretJSON of a public input": func(t testing.TB) {
			g.One(t, roleType, "plain").SecretJSON("assumeRolePolicy", hidden)
		},
		"SecretJSON of no JSON": func(t testing.TB) {
			g.One(t, roleType, "prose").SecretJSON("assumeRolePolicy", `{}`)
		},
		"SecretJSON of a map": func(t testing.TB) {
			g.One(t, roleType, "plain").SecretJSON("tags", `{"Name": "x"}`)
		},
		"SecretJSON of an unset input": func(t testing.TB) {
			g.One(t, roleType, "secret").SecretJSON("description", hidden)
		},
		"JSON of a secret": func(t testing.TB) { g.One(t, roleType, "secret").JSON("assumeRolePolicy", hidden) },
		"Refers to another resource": func(t testing.TB) {
			g.One(t, componentType, "main").Refers("instanceRole", roleType, "prose")
		},
		"Refers from a map": func(t testing.TB) {
			g.One(t, roleType, "plain").Refers("tags", roleType, "plain")
		},
	} {
		assert.True(t, fails(t, assertion), name)
	}
}

func TestWaitsForNoFollowsIndirectDependencies(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, func(ctx *pulumi.Context) error {
		if err := program(ctx); err != nil {
			return err
		}

		vpc, err := ec2.NewVpc(ctx, "far", &ec2.VpcArgs{})
		if err != nil {
			return err
		}

		subnet, err := ec2.NewSubnet(ctx, "near", &ec2.SubnetArgs{VpcId: vpc.ID()})
		if err != nil {
			return err
		}

		_, err = iam.NewRole(ctx, "last", &iam.RoleArgs{AssumeRolePolicy: pulumi.String("{}")},
			pulumi.DependsOn([]pulumi.Resource{subnet}))

		return err
	})

	g.One(t, vpcType, "far").WaitsForNo(subnetType).WaitsForNo(vpcType)
	g.One(t, subnetType, "near").WaitsForNo(subnetType).WaitsForNo(roleType)
	g.One(t, roleType, "last").WaitsForNo(roleType)

	for name, assertion := range map[string]func(t testing.TB){
		"directly":           func(t testing.TB) { g.One(t, roleType, "last").WaitsForNo(subnetType) },
		"through a subnet":   func(t testing.TB) { g.One(t, roleType, "last").WaitsForNo(vpcType) },
		"through an input":   func(t testing.TB) { g.One(t, subnetType, "near").WaitsForNo(vpcType) },
		"through one of two": func(t testing.TB) { g.One(t, subnetType, "subnet").WaitsForNo(roleType) },
	} {
		assert.True(t, fails(t, assertion), name)
	}
}

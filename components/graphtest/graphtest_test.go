package graphtest_test

import (
	"runtime"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
)

const (
	vpcType    = "aws:ec2/vpc:Vpc"
	subnetType = "aws:ec2/subnet:Subnet"
	roleType   = "aws:iam/role:Role"
)

// spy is a testing.TB that records failures instead of reporting them.
type spy struct {
	testing.TB

	failed bool
}

func (s *spy) Helper() {}

func (s *spy) Errorf(string, ...any) { s.failed = true }

func (s *spy) FailNow() {
	s.failed = true

	runtime.Goexit()
}

// fails reports whether an assertion fails its test.
func fails(t *testing.T, assertion func(t testing.TB)) bool {
	t.Helper()

	watched := &spy{TB: t, failed: false}
	done := make(chan struct{})

	go func() {
		defer close(done)

		assertion(watched)
	}()

	<-done

	return watched.failed
}

// group is a component, so that a resource has a parent other than the stack.
type group struct{ pulumi.ResourceState }

// program registers a VPC under a component, a protected role of the same name, and a subnet.
func program(ctx *pulumi.Context) error {
	parent := &group{}
	if err := ctx.RegisterComponentResource("test:index:Group", "group", parent); err != nil {
		return err
	}

	vpc, err := ec2.NewVpc(ctx, "net", &ec2.VpcArgs{
		CidrBlock:        pulumi.String("10.0.0.0/16"),
		EnableDnsSupport: pulumi.Bool(true),
		Tags:             pulumi.StringMap{"Name": pulumi.String("test-net")},
	}, pulumi.Parent(parent))
	if err != nil {
		return err
	}

	role, err := iam.NewRole(ctx, "net", &iam.RoleArgs{
		AssumeRolePolicy: pulumi.String(`{"Version": "2012-10-17"}`),
	}, pulumi.Protect(true), pulumi.RetainOnDelete(true), pulumi.DeletedWith(vpc))
	if err != nil {
		return err
	}

	_, err = ec2.NewSubnet(ctx, "subnet", &ec2.SubnetArgs{
		VpcId:      vpc.ID(),
		OutpostArn: role.Arn,
	}, pulumi.Parent(vpc))

	return err
}

func TestTrueAssertionsPass(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program)

	g.One(t, vpcType, "net").
		Under("group").
		Has("cidrBlock", "10.0.0.0/16").
		Has("enableDnsSupport", true).
		Has("tags.Name", "test-net").
		HasNo("instanceTenancy").
		HasNo("tags.Owner")
	g.One(t, roleType, "net").
		Protected().
		Kept().
		GoesWith("net").
		JSON("assumeRolePolicy", `{ "Version" : "2012-10-17" }`)
	g.One(t, subnetType, "subnet").
		Under("net").
		DependsOn("net").
		DependsOn(vpcType+"::net", roleType+"::net").
		Refers("vpcId", vpcType, "net").
		Refers("outpostArn", roleType, "net")
	g.None(t, "aws:s3/bucket:Bucket")
	assert.Len(t, g.Customs(), 3)
	assert.Len(t, g.All(vpcType), 1)
}

func TestFalseAssertionsFailTheTest(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program)
	assertions := map[string]func(t testing.TB){
		"One of another name":    func(t testing.TB) { g.One(t, vpcType, "other") },
		"One of another type":    func(t testing.TB) { g.One(t, "aws:s3/bucket:Bucket", "net") },
		"None of a present type": func(t testing.TB) { g.None(t, vpcType) },
		"Under another":          func(t testing.TB) { g.One(t, vpcType, "net").Under("subnet") },
		"DependsOn a dependent":  func(t testing.TB) { g.One(t, vpcType, "net").DependsOn("subnet") },
		"DependsOn one of two":   func(t testing.TB) { g.One(t, subnetType, "subnet").DependsOn("net", "group") },
		"DependsOn another type": func(t testing.TB) { g.One(t, subnetType, "subnet").DependsOn(subnetType + "::net") },
		"Protected without":      func(t testing.TB) { g.One(t, vpcType, "net").Protected() },
		"Kept without":           func(t testing.TB) { g.One(t, vpcType, "net").Kept() },
		"GoesWith another":       func(t testing.TB) { g.One(t, roleType, "net").GoesWith("subnet") },
		"GoesWith none":          func(t testing.TB) { g.One(t, vpcType, "net").GoesWith("net") },
		"Has another value":      func(t testing.TB) { g.One(t, vpcType, "net").Has("cidrBlock", "10.1.0.0/16") },
		"Has another type":       func(t testing.TB) { g.One(t, vpcType, "net").Has("enableDnsSupport", "true") },
		"Has an unset input":     func(t testing.TB) { g.One(t, vpcType, "net").Has("tags.Owner", nil) },
		"Has a malformed path":   func(t testing.TB) { g.One(t, vpcType, "net").Has(`tags["`, "x") },
		"HasNo of a set input":   func(t testing.TB) { g.One(t, vpcType, "net").HasNo("tags.Name") },
		"JSON of another value":  func(t testing.TB) { g.One(t, roleType, "net").JSON("assumeRolePolicy", `{}`) },
		"JSON of no JSON":        func(t testing.TB) { g.One(t, vpcType, "net").JSON("cidrBlock", `{}`) },
		"JSON of a map": func(t testing.TB) {
			g.One(t, vpcType, "net").JSON("tags", `{"Name": "test-net"}`)
		},
		"Refers to another": func(t testing.TB) {
			g.One(t, subnetType, "subnet").Refers("vpcId", subnetType, "subnet")
		},
		"Refers to a resource of the same name and another type": func(t testing.TB) {
			g.One(t, subnetType, "subnet").Refers("vpcId", roleType, "net")
		},
		"Refers to nothing": func(t testing.TB) {
			g.One(t, subnetType, "subnet").Refers("vpcId", vpcType, "other")
		},
		"Refers from an unset input": func(t testing.TB) {
			g.One(t, subnetType, "subnet").Refers("cidrBlock", vpcType, "net")
		},
	}

	for name, assertion := range assertions {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.True(t, fails(t, assertion))
		})
	}
}

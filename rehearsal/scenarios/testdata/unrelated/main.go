// A program that has nothing to do with the platform: other names, another region, the default provider. It
// registers by type alone, without any SDK, and so shows that the simulation knows types and not names.
package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		p := &program{ctx: ctx}
		p.storage()
		p.network()
		p.workloads()

		return p.err
	})
}

// program registers resources until one fails.
type program struct {
	ctx *pulumi.Context
	err error
}

func (p *program) register(
	resourceType, name string, inputs pulumi.Map, opts ...pulumi.ResourceOption,
) *pulumi.CustomResourceState {
	registered := &pulumi.CustomResourceState{}
	if p.err == nil {
		p.err = p.ctx.RegisterResource(resourceType, name, inputs, registered, opts...)
	}

	return registered
}

func (p *program) storage() {
	key := p.register("aws:kms/key:Key", "index", pulumi.Map{"description": pulumi.String("search index")})
	p.register("aws:kms/alias:Alias", "index", pulumi.Map{
		"name": pulumi.String("alias/search"), "targetKeyId": key.ID(),
	})

	role := p.register("aws:iam/role:Role", "crawler", pulumi.Map{
		"assumeRolePolicy": pulumi.String(`{"Version":"2012-10-17","Statement":[]}`),
	})
	p.register("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "crawler", pulumi.Map{
		"role": role.ID(), "policyArn": pulumi.String("arn:aws:iam::aws:policy/ReadOnlyAccess"),
	})
	p.register("aws:cloudwatch/logGroup:LogGroup", "crawler", pulumi.Map{"retentionInDays": pulumi.Int(1)})
}

func (p *program) network() {
	vpc := p.register("aws:ec2/vpc:Vpc", "main", pulumi.Map{"cidrBlock": pulumi.String("192.168.0.0/20")})
	first := p.register("aws:ec2/subnet:Subnet", "first", pulumi.Map{
		"vpcId": vpc.ID(), "cidrBlock": pulumi.String("192.168.0.0/24"),
		"availabilityZone": pulumi.String("eu-west-1a"),
	})
	table := p.register("aws:ec2/routeTable:RouteTable", "main", pulumi.Map{"vpcId": vpc.ID()})
	p.register("aws:ec2/routeTableAssociation:RouteTableAssociation", "first", pulumi.Map{
		"subnetId": first.ID(), "routeTableId": table.ID(),
	})

	group := p.register("aws:ec2/securityGroup:SecurityGroup", "web", pulumi.Map{"vpcId": vpc.ID()})
	p.register("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "web", pulumi.Map{
		"securityGroupId": group.ID(), "ipProtocol": pulumi.String("tcp"), "fromPort": pulumi.Int(443),
		"toPort": pulumi.Int(443), "cidrIpv4": pulumi.String("192.168.0.0/20"),
	})
	p.register("aws:route53/zone:Zone", "search", pulumi.Map{"name": pulumi.String("search.example.com")})
}

func (p *program) workloads() {
	provider := &pulumi.ProviderResourceState{}
	if p.err == nil {
		p.err = p.ctx.RegisterResource("pulumi:providers:kubernetes", "there", pulumi.Map{
			"kubeconfig": pulumi.ToSecret(pulumi.String("a kubeconfig")),
		}, provider)
	}

	namespace := p.register("kubernetes:core/v1:Namespace", "search", pulumi.Map{
		"metadata": pulumi.Map{"name": pulumi.String("search")},
	}, pulumi.Provider(provider))
	p.register("kubernetes:core/v1:ConfigMap", "crawler", pulumi.Map{
		"metadata": pulumi.Map{"namespace": pulumi.String("search")},
		"data":     pulumi.Map{"depth": pulumi.String("3")},
	}, pulumi.Provider(provider), pulumi.DependsOn([]pulumi.Resource{namespace}))
	p.register("kubernetes:helm.sh/v3:Release", "search", pulumi.Map{
		"chart": pulumi.String("search"), "namespace": pulumi.String("search"), "version": pulumi.String("1.2.3"),
	}, pulumi.Provider(provider), pulumi.DependsOn([]pulumi.Resource{namespace}))
}

package network

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// vpc creates the VPC, with the DNS names that EKS and interface endpoints need. It removes all rules from the VPC's
// default security group, so that an instance without a group of its own reaches nothing. The rule lists are explicitly
// empty: if they were omitted, a rule added by hand would not show as drift.
func (b *builder) vpc() (*ec2.Vpc, error) {
	vpc, err := ec2.NewVpc(b.Ctx, b.Logical("vpc"), &ec2.VpcArgs{
		CidrBlock:          pulumi.String(b.args.CIDR.String()),
		EnableDnsSupport:   pulumi.Bool(true),
		EnableDnsHostnames: pulumi.Bool(true),
		Tags:               b.Tags("vpc"),
	}, b.Child(), pulumi.Protect(b.args.Protect))
	if err != nil {
		return nil, fmt.Errorf("VPC: %w", err)
	}

	_, err = ec2.NewDefaultSecurityGroup(b.Ctx, b.Logical("default"), &ec2.DefaultSecurityGroupArgs{
		VpcId:   vpc.ID(),
		Ingress: ec2.DefaultSecurityGroupIngressArray{},
		Egress:  ec2.DefaultSecurityGroupEgressArray{},
		Tags:    b.Tags("default"),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("default security group: %w", err)
	}

	return vpc, nil
}

// nodeSecurityGroup identifies the nodes. It lacks the cluster's tag, by which a load balancer controller would choose
// it for rules of its own.
func (b *builder) nodeSecurityGroup() (*ec2.SecurityGroup, error) {
	const part = "nodes"

	return ec2.NewSecurityGroup(b.Ctx, b.Logical(part), &ec2.SecurityGroupArgs{
		NamePrefix:  pulumi.String(b.Physical(part) + "-"),
		Description: pulumi.String("Nodes of the cluster"),
		VpcId:       b.component.VPCID,
		Tags:        b.Tags(part),
	}, b.Child())
}

package database

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// securityGroup lets clients in, and nothing out: a database calls nobody.
func (b *builder) securityGroup() (*ec2.SecurityGroup, error) {
	const part = "access"

	group, err := ec2.NewSecurityGroup(b.ctx, b.logical(part), &ec2.SecurityGroupArgs{
		NamePrefix:  pulumi.String(b.identifier() + "-"),
		Description: pulumi.String("The MySQL database"),
		VpcId:       b.args.VPCID,
		Tags:        b.tags(part),
	}, b.child())
	if err != nil {
		return nil, fmt.Errorf("security group: %w", err)
	}

	_, err = vpc.NewSecurityGroupIngressRule(b.ctx, b.logical("from-nodes"), &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId:           group.ID(),
		Description:               pulumi.String("MySQL from nodes of the cluster"),
		IpProtocol:                pulumi.String("tcp"),
		FromPort:                  pulumi.Int(Port),
		ToPort:                    pulumi.Int(Port),
		ReferencedSecurityGroupId: b.args.ClientSecurityGroupID,
		Tags:                      b.tags("from-nodes"),
	}, b.child())
	if err != nil {
		return nil, fmt.Errorf("security group rule: %w", err)
	}

	return group, nil
}

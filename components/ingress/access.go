package ingress

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const tcp = "tcp"

// securityGroup creates the security group of the load balancer. A load balancer that is created without a group can
// never get one.
func (b *builder) securityGroup() (*ec2.SecurityGroup, error) {
	const part = "access"

	return ec2.NewSecurityGroup(b.Ctx, b.Logical(part), &ec2.SecurityGroupArgs{
		NamePrefix:  pulumi.String(b.Physical(part) + "-"),
		Description: pulumi.String("The load balancer"),
		VpcId:       b.args.VPCID,
		Tags:        b.Tags(part),
	}, b.Child())
}

// letThrough opens a port to the internet, and the connection from the load balancer to the nodes, at both ends.
func (b *builder) letThrough(port port, balancer *ec2.SecurityGroup) error {
	for part, rule := range map[string]*vpc.SecurityGroupIngressRuleArgs{
		"from-internet-" + port.entryPoint: {
			SecurityGroupId: balancer.ID(), CidrIpv4: pulumi.String("0.0.0.0/0"),
			FromPort: pulumi.Int(port.client), ToPort: pulumi.Int(port.client),
			Description: pulumi.String("Clients from anywhere to " + port.entryPoint),
		},
		"into-nodes-" + port.entryPoint: {
			SecurityGroupId: b.args.NodeSecurityGroupID, ReferencedSecurityGroupId: balancer.ID(),
			FromPort: pulumi.Int(port.onNode), ToPort: pulumi.Int(port.onNode),
			Description: pulumi.String("Load balancer to Traefik, " + port.entryPoint),
		},
	} {
		rule.IpProtocol, rule.Tags = pulumi.String(tcp), b.Tags(part)

		if _, err := vpc.NewSecurityGroupIngressRule(b.Ctx, b.Logical(part), rule, b.Child()); err != nil {
			return fmt.Errorf("security group rule %s: %w", part, err)
		}
	}

	part := "to-nodes-" + port.entryPoint

	_, err := vpc.NewSecurityGroupEgressRule(b.Ctx, b.Logical(part), &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId: balancer.ID(), ReferencedSecurityGroupId: b.args.NodeSecurityGroupID,
		IpProtocol: pulumi.String(tcp), FromPort: pulumi.Int(port.onNode), ToPort: pulumi.Int(port.onNode),
		Description: pulumi.String("Load balancer to Traefik, " + port.entryPoint),
		Tags:        b.Tags(part),
	}, b.Child())

	return err
}

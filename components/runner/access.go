package runner

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// https is the port of the API server, of GitHub and of AWS's APIs.
const https = 443

// securityGroup lets jobs connect to HTTPS anywhere and admits no connection. Name resolution needs no rule: security
// groups do not filter the VPC's resolver (Amazon VPC User Guide, "Control traffic to your AWS resources using security
// groups").
func (b *builder) securityGroup() (*ec2.SecurityGroup, error) {
	const access, out, in = "access", "to-https", "into-api"

	group, err := ec2.NewSecurityGroup(b.Ctx, b.Logical(access), &ec2.SecurityGroupArgs{
		NamePrefix:  pulumi.String(b.Prefix + "-"),
		Description: pulumi.String("The runner of workflow jobs"),
		VpcId:       b.args.VPCID,
		Tags:        b.Tags(access),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("security group: %w", err)
	}

	_, err = vpc.NewSecurityGroupEgressRule(b.Ctx, b.Logical(out), &vpc.SecurityGroupEgressRuleArgs{
		SecurityGroupId: group.ID(), CidrIpv4: pulumi.String("0.0.0.0/0"),
		IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(https), ToPort: pulumi.Int(https),
		Description: pulumi.String("Jobs to the API server, GitHub, AWS and package registries"),
		Tags:        b.Tags(out),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("security group rule %s: %w", out, err)
	}

	_, err = vpc.NewSecurityGroupIngressRule(b.Ctx, b.Logical(in), &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId: b.args.APISecurityGroupID, ReferencedSecurityGroupId: group.ID(),
		IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(https), ToPort: pulumi.Int(https),
		Description: pulumi.String("Workflow jobs to the API server"),
		Tags:        b.Tags(in),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("security group rule %s: %w", in, err)
	}

	return group, nil
}

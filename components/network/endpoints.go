package network

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network/layout"
)

// httpsPort is the port of AWS's APIs.
const httpsPort = 443

// endpoints connects private subnets to AWS services without NAT. S3, which has the layers of images, always has an
// endpoint, because it costs nothing. The other endpoints are billed by the hour and zone, so the settings choose them.
func (b *builder) endpoints(in *ec2.Vpc, all subnets, tables []*ec2.RouteTable) error {
	var tableIDs pulumi.StringArray
	for _, table := range tables {
		tableIDs = append(tableIDs, table.ID())
	}

	_, err := ec2.NewVpcEndpoint(b.Ctx, b.Logical("s3"), &ec2.VpcEndpointArgs{
		VpcId:           in.ID(),
		ServiceName:     pulumi.String(serviceName(b.args.Place.Region, "s3")),
		VpcEndpointType: pulumi.String("Gateway"),
		RouteTableIds:   tableIDs,
		Tags:            b.Tags("s3"),
	}, b.Child())
	if err != nil {
		return fmt.Errorf("S3 endpoint: %w", err)
	}

	if len(b.args.InterfaceEndpoints) == 0 {
		return nil
	}

	group, err := b.endpointGroup(in)
	if err != nil {
		return err
	}

	for _, service := range slices.Sorted(maps.Keys(b.args.InterfaceEndpoints)) {
		part := EndpointName(service)

		_, err := ec2.NewVpcEndpoint(b.Ctx, b.Logical(part), &ec2.VpcEndpointArgs{
			VpcId:             in.ID(),
			ServiceName:       pulumi.String(b.args.InterfaceEndpoints[service]),
			VpcEndpointType:   pulumi.String("Interface"),
			PrivateDnsEnabled: pulumi.Bool(true),
			SubnetIds:         all.ids(layout.Private),
			SecurityGroupIds:  pulumi.StringArray{group.ID()},
			Tags:              b.Tags(part),
		}, b.Child())
		if err != nil {
			return fmt.Errorf("%s endpoint: %w", service, err)
		}
	}

	return nil
}

// endpointGroup admits connections from the VPC to the interface endpoints.
func (b *builder) endpointGroup(in *ec2.Vpc) (*ec2.SecurityGroup, error) {
	const part = "endpoints"

	group, err := ec2.NewSecurityGroup(b.Ctx, b.Logical(part), &ec2.SecurityGroupArgs{
		Name:        pulumi.String(b.Physical(part)),
		Description: pulumi.String("Interface endpoints of AWS services"),
		VpcId:       in.ID(),
		Tags:        b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("security group of the endpoints: %w", err)
	}

	_, err = vpc.NewSecurityGroupIngressRule(b.Ctx, b.Logical(part), &vpc.SecurityGroupIngressRuleArgs{
		SecurityGroupId: group.ID(),
		Description:     pulumi.String("HTTPS from within the VPC"),
		CidrIpv4:        pulumi.String(b.args.CIDR.String()),
		IpProtocol:      pulumi.String("tcp"),
		FromPort:        pulumi.Int(httpsPort),
		ToPort:          pulumi.Int(httpsPort),
		Tags:            b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("rule of the endpoints' security group: %w", err)
	}

	return group, nil
}

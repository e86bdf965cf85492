package network

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// privateDNS creates the zone, which only this VPC resolves.
func (b *builder) privateDNS() (*route53.Zone, error) {
	return route53.NewZone(b.Ctx, b.Logical("dns"), &route53.ZoneArgs{
		Name:    pulumi.String(b.args.Domain),
		Comment: pulumi.String("Private names of the " + b.args.Environment + " environment"),
		Vpcs:    route53.ZoneVpcArray{route53.ZoneVpcArgs{VpcId: b.component.VPCID}},
		Tags:    b.Tags("dns"),
	}, b.Child())
}

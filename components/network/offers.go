package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// EndpointName names a service's endpoint among the network's parts, such as "ecr-api" for "ecr.api". Two services
// of one name cannot both have an endpoint.
func EndpointName(service string) string { return strings.ReplaceAll(service, ".", "-") }

// ZonesWithoutEndpoint returns those of the zones, by letter, in which the account offers no interface endpoint with
// private DNS of a service such as "ecr.api": all of them where it offers none in the region.
func ZonesWithoutEndpoint(
	ctx *pulumi.Context, region, service string, zones []string, opts ...pulumi.InvokeOption,
) ([]string, error) {
	offer, err := ec2.LookupVpcEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{
		ServiceName: new(serviceName(region, service)),
		ServiceType: new("Interface"),
	}, opts...)

	switch {
	case err != nil && saysNotOffered(err):
		return zones, nil
	case err != nil:
		return nil, fmt.Errorf("looking for the endpoint service %s in %s: %w", service, region, err)
	case offer.PrivateDnsName == "":
		return zones, nil
	}

	return slices.DeleteFunc(slices.Clone(zones), func(zone string) bool {
		return slices.Contains(offer.AvailabilityZones, region+zone)
	}), nil
}

// saysNotOffered reports whether a look-up failed because there is no such service. The provider has two texts for
// it: the first where the account knows no service of the name, the second where it has another type.
func saysNotOffered(err error) bool {
	return strings.Contains(err.Error(), "couldn't find resource") ||
		strings.Contains(err.Error(), "no matching EC2 VPC Endpoint Service found")
}

// serviceName is what AWS calls a service of a region among those that have endpoints.
func serviceName(region, service string) string {
	return fmt.Sprintf("com.amazonaws.%s.%s", region, service)
}

package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// EndpointName is the name of a service's endpoint among the network's parts, such as "ecr-api" for "ecr.api". Two
// services with the same name cannot both have an endpoint.
func EndpointName(service string) string { return strings.ReplaceAll(service, ".", "-") }

// ZonesWithoutEndpoint returns the zones, by letter, in which the account offers no interface endpoint with private DNS
// for a service such as "ecr.api". It returns all zones if the region has no such endpoint.
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
		return nil, fmt.Errorf("looking up the endpoint service %s in %s: %w", service, region, err)
	case offer.PrivateDnsName == "":
		return zones, nil
	}

	return slices.DeleteFunc(slices.Clone(zones), func(zone string) bool {
		return slices.Contains(offer.AvailabilityZones, region+zone)
	}), nil
}

// saysNotOffered reports whether a look-up failed because there is no such service. The provider has two messages: the
// first if the account has no service of this name, the second if the service has another type.
func saysNotOffered(err error) bool {
	return strings.Contains(err.Error(), "couldn't find resource") ||
		strings.Contains(err.Error(), "no matching EC2 VPC Endpoint Service found")
}

// serviceName is the name of an endpoint service in AWS.
func serviceName(region, service string) string {
	return fmt.Sprintf("com.amazonaws.%s.%s", region, service)
}

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

// FindEndpoint returns the name of the endpoint service for an AWS service such as "ecr.api", and the zones, by letter,
// in which the account offers no interface endpoint with private DNS. These are all zones if the region has no such
// endpoint.
func FindEndpoint(
	ctx *pulumi.Context, region, service string, zones []string, opts ...pulumi.InvokeOption,
) (string, []string, error) {
	for _, name := range endpointNames(region, service) {
		offer, err := ec2.LookupVpcEndpointService(ctx, &ec2.LookupVpcEndpointServiceArgs{
			ServiceName: new(name),
			ServiceType: new("Interface"),
		}, opts...)

		switch {
		case err != nil && saysNotOffered(err):
			continue
		case err != nil:
			return "", nil, fmt.Errorf("looking up the endpoint service %s in %s: %w", service, region, err)
		case offer.PrivateDnsName == "":
			return "", zones, nil
		}

		return name, slices.DeleteFunc(slices.Clone(zones), func(zone string) bool {
			return slices.Contains(offer.AvailabilityZones, region+zone)
		}), nil
	}

	return "", zones, nil
}

// endpointNames are the names that the endpoint service may have. In China, the names of some services have a prefix of
// their own, and which services changes (aws/aws-cdk, packages/aws-cdk-lib/aws-ec2/lib/vpc-endpoint.ts,
// getDefaultEndpointPrefix).
func endpointNames(region, service string) []string {
	name := serviceName(region, service)
	if strings.HasPrefix(region, "cn-") {
		return []string{"cn." + name, name}
	}

	return []string{name}
}

// saysNotOffered reports whether a look-up failed because there is no such service. The provider has two messages: the
// first if the account has no service of this name, the second if the service has another type.
func saysNotOffered(err error) bool {
	return strings.Contains(err.Error(), "couldn't find resource") ||
		strings.Contains(err.Error(), "no matching EC2 VPC Endpoint Service found")
}

// serviceName is the usual name of an endpoint service in AWS. The gateway of S3 has it in every region.
func serviceName(region, service string) string {
	return fmt.Sprintf("com.amazonaws.%s.%s", region, service)
}

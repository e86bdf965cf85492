package cluster

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ZonesWithoutTypes returns, for each EC2 instance type, the letters of the zones that lack it.
func ZonesWithoutTypes(
	ctx *pulumi.Context, region string, types, zones []string, opts ...pulumi.InvokeOption,
) (map[string][]string, error) {
	offered, err := ec2.GetInstanceTypeOfferings(ctx, &ec2.GetInstanceTypeOfferingsArgs{
		LocationType: new("availability-zone"),
		Filters:      []ec2.GetInstanceTypeOfferingsFilter{{Name: "instance-type", Values: types}},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("looking up the zones that offer %s: %w", strings.Join(types, ", "), err)
	}

	missing := make(map[string][]string)
	for _, name := range types {
		missing[name] = slices.Clone(zones)
	}

	for i, name := range offered.InstanceTypes {
		missing[name] = slices.DeleteFunc(missing[name], func(zone string) bool {
			return region+zone == offered.Locations[i]
		})
	}

	return missing, nil
}

// ErrNoAddon is returned if EKS has no add-on with this name for the Kubernetes minor.
var ErrNoAddon = errors.New("EKS has no such add-on")

// AddonVersion looks up the default or the latest version of an add-on for a Kubernetes minor. The error is ErrNoAddon
// if there is no such add-on.
func AddonVersion(
	ctx *pulumi.Context, name, minor string, latest bool, opts ...pulumi.InvokeOption,
) (string, error) {
	found, err := eks.GetAddonVersion(ctx, &eks.GetAddonVersionArgs{
		AddonName: name, KubernetesVersion: minor, MostRecent: &latest,
	}, opts...)

	switch {
	case err != nil && saysNoAddon(err):
		return "", fmt.Errorf("%w: %s for Kubernetes %s", ErrNoAddon, name, minor)
	case err != nil:
		return "", fmt.Errorf("looking up the add-on %s for Kubernetes %s: %w", name, minor, err)
	}

	return found.Version, nil
}

// saysNoAddon reports whether a look-up failed because there is no such add-on. AWS returns an error for an unknown
// name. If it returns no version for the minor, the provider reports the first of these messages.
func saysNoAddon(err error) bool {
	return strings.Contains(err.Error(), "couldn't find resource") ||
		strings.Contains(err.Error(), "empty result") ||
		strings.Contains(err.Error(), "is not supported")
}

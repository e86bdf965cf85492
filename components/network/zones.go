package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network/layout"
)

// OfferedZones returns the letters of the zones that the account offers in the region and EKS accepts.
func OfferedZones(ctx *pulumi.Context, region string, opts ...pulumi.InvokeOption) ([]string, error) {
	offered, err := aws.GetAvailabilityZones(ctx, &aws.GetAvailabilityZonesArgs{
		State: new("available"),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("listing the availability zones of %s: %w", region, err)
	}

	var letters []string

	for i, name := range offered.Names {
		letter := strings.TrimPrefix(name, region)
		if layout.CheckZone(letter) == nil && !refusedByEKS(offered.ZoneIds[i]) {
			letters = append(letters, letter)
		}
	}

	return letters, nil
}

// refusedByEKS reports whether EKS refuses control planes in the zone with this id (Amazon EKS User Guide, "VPC and
// subnet requirements"). The letter of such a zone differs between accounts.
func refusedByEKS(zoneID string) bool {
	return slices.Contains([]string{"use1-az3", "usw1-az2", "cac1-az3"}, zoneID)
}

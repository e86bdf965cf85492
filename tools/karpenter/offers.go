package main

import (
	"strings"

	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/karpenter-provider-aws/pkg/apis/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	karpv1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	"sigs.k8s.io/karpenter/pkg/scheduling"
)

// typesOf returns all types, as EC2 offers them in the zones of a class.
func (e *ec2) typesOf(class *v1.EC2NodeClass) ([]*cloudprovider.InstanceType, error) {
	zones, err := e.site.zones(subnetsOf(class))
	if err != nil {
		return nil, err
	}

	all := make([]*cloudprovider.InstanceType, 0, len(e.site.Types))
	for _, described := range e.site.Types {
		all = append(all, e.offer(described, zones))
	}

	return all, nil
}

// offer returns a type with an offering for each zone and capacity. Spot instances cost two fifths.
func (e *ec2) offer(described instanceType, zones []string) *cloudprovider.InstanceType {
	const spotShare = 0.4

	family, size, _ := strings.Cut(described.Name, ".")
	in := func(key string, values ...string) *scheduling.Requirement {
		return scheduling.NewRequirement(key, corev1.NodeSelectorOpIn, values...)
	}

	offered := &cloudprovider.InstanceType{
		Name: described.Name,
		Requirements: scheduling.NewRequirements(
			in(corev1.LabelInstanceTypeStable, described.Name), in(corev1.LabelArchStable, described.Architecture),
			in(corev1.LabelOSStable, "linux"), in(corev1.LabelTopologyZone, zones...),
			in(karpv1.CapacityTypeLabelKey, karpv1.CapacityTypeOnDemand, karpv1.CapacityTypeSpot),
			in(v1.LabelInstanceFamily, family), in(v1.LabelInstanceSize, size),
		),
		Capacity: corev1.ResourceList{
			corev1.ResourceCPU:              *resource.NewMilliQuantity(int64(described.Millicores), resource.DecimalSI),
			corev1.ResourceMemory:           *resource.NewQuantity(int64(described.MemoryMiB)<<20, resource.BinarySI),
			corev1.ResourcePods:             *resource.NewQuantity(int64(described.Pods), resource.DecimalSI),
			corev1.ResourceEphemeralStorage: resource.MustParse("17Gi"),
		},
		Overhead: &cloudprovider.InstanceTypeOverhead{},
	}

	for _, zone := range zones {
		for capacity, price := range map[string]float64{
			karpv1.CapacityTypeOnDemand: described.HourlyUSD, karpv1.CapacityTypeSpot: described.HourlyUSD * spotShare,
		} {
			offered.Offerings = append(offered.Offerings, &cloudprovider.Offering{
				Requirements: scheduling.NewRequirements(
					in(corev1.LabelTopologyZone, zone), in(karpv1.CapacityTypeLabelKey, capacity)),
				Price: price,
				Available: !e.unavailable.IsUnavailable(
					ec2types.InstanceType(described.Name), zone, nil, capacity),
			})
		}
	}

	return offered
}

// cheapest returns the cheapest available offering that satisfies requirements, with its type, or nil.
func cheapest(
	offered []*cloudprovider.InstanceType, required scheduling.Requirements,
) (*cloudprovider.InstanceType, *cloudprovider.Offering) {
	var (
		chosen *cloudprovider.InstanceType
		best   *cloudprovider.Offering
	)

	for _, candidate := range offered {
		if !required.Get(corev1.LabelInstanceTypeStable).Has(candidate.Name) {
			continue
		}

		for _, offering := range candidate.Offerings.Available().Compatible(required) {
			if best == nil || offering.Price < best.Price {
				chosen, best = candidate, offering
			}
		}
	}

	return chosen, best
}

package aws

import (
	"maps"
	"slices"
)

// zone is an availability zone. Letters map to different zones in every account; this is the mapping of a real one.
type zone struct {
	name string
	id   string
}

// zonesOf returns the zones of a region in the order of their letters, none where the region is not simulated.
// Source of the ids: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
func zonesOf(region string) []zone {
	ids := regionZones()[region]

	zones := make([]zone, 0, len(ids))
	for i, id := range ids {
		if id != "" {
			zones = append(zones, zone{name: region + string(rune('a'+i)), id: id})
		}
	}

	return zones
}

// regionZones are the zone ids of the letters a, b, c …; an empty id is a letter that this account lacks.
func regionZones() map[string][]string {
	return map[string][]string{
		"us-east-1":      {"use1-az6", "use1-az1", "use1-az2", "use1-az4", "use1-az3", "use1-az5"},
		"us-east-2":      {"use2-az1", "use2-az2", "use2-az3"},
		"us-west-1":      {"usw1-az3", "", "usw1-az1"},
		"us-west-2":      {"usw2-az2", "usw2-az1", "usw2-az3", "usw2-az4"},
		"ca-central-1":   {"cac1-az1", "cac1-az2", "", "cac1-az4"},
		"eu-west-1":      {"euw1-az3", "euw1-az1", "euw1-az2"},
		"eu-west-2":      {"euw2-az2", "euw2-az3", "euw2-az1"},
		"eu-central-1":   {"euc1-az2", "euc1-az3", "euc1-az1"},
		"eu-north-1":     {"eun1-az1", "eun1-az2", "eun1-az3"},
		"ap-southeast-2": {"apse2-az3", "apse2-az1", "apse2-az2"},
	}
}

// regions are the simulated regions, sorted.
func regions() []string { return slices.Sorted(maps.Keys(regionZones())) }

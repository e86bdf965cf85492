package aws

import (
	"fmt"
	"strings"
)

// zone is an availability zone. Letters map to different zones in every account; this is the mapping of a real one.
type zone struct {
	name string
	id   string
}

// zonesOf returns the zones of a region in the order of their letters. No data says which letters an account has in
// another region than those below, so there all letters that a setting can name are assumed.
// Source of the ids: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
func zonesOf(region string) []zone {
	ids, known := regionZones()[region]
	for i := 0; i < maxZones && !known; i++ {
		ids = append(ids, fmt.Sprintf("%s-az%d", shortName(region), i+1))
	}

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

// KnowsZones reports whether the zones of a region are known, and not assumed.
func KnowsZones(region string) bool { return regionZones()[region] != nil }

// maxZones is the number of zones that a network of the platform has room for: a to h.
const maxZones = 8

// shortName starts the ids of a region's zones: use1 for us-east-1, apne1 for ap-northeast-1.
func shortName(region string) string {
	short := strings.NewReplacer("northeast", "ne", "northwest", "nw", "southeast", "se", "southwest", "sw",
		"north", "n", "south", "s", "east", "e", "west", "w", "central", "c", "gov", "g").Replace(region)

	return strings.ReplaceAll(short, "-", "")
}

package scope

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// partitionsText is the partition data of AWS's SDK (aws-sdk-go-v2, internal/endpoints/awsrulesfn), in the version that
// the services use. `make generate` copies it.
//
//go:embed partitions.json
var partitionsText []byte

// partition is a part of AWS with its own accounts.
type partition struct {
	ID      string `json:"id"`
	Outputs struct {
		DNSSuffix string `json:"dnsSuffix"`
	} `json:"outputs"`
	Regions map[string]struct{} `json:"regions"`
}

// supported are the partitions that the program supports. The others are the European Sovereign Cloud and isolated
// networks: neither the principals nor the endpoints of their services are known here.
func supported() []string { return []string{"aws", "aws-cn", "aws-us-gov"} }

// partitions reads the data, which is part of the program.
func partitions() []partition {
	var data struct {
		Partitions []partition `json:"partitions"`
	}

	if err := json.Unmarshal(partitionsText, &data); err != nil {
		panic(err)
	}

	return data.Partitions
}

// domain ends the host names of AWS's services in a partition, such as "amazonaws.com".
func domain(id string) string {
	for _, known := range partitions() {
		if known.ID == id {
			return known.Outputs.DNSSuffix
		}
	}

	return ""
}

// PartitionOf returns the partition of a region, such as "aws-cn", or "" if AWS's SDK does not know the region.
func PartitionOf(region string) string {
	for _, known := range partitions() {
		if _, has := known.Regions[region]; has {
			return known.ID
		}
	}

	return ""
}

// Regions returns the regions that the program supports, sorted.
func Regions() []string {
	var names []string

	for _, known := range partitions() {
		for name := range known.Regions {
			if Unsupported(name) == "" {
				names = append(names, name)
			}
		}
	}

	slices.Sort(names)

	return names
}

// Unsupported completes the sentence "expected …" for a region that the program does not support, and is "" for any
// other region. The data also has a pseudo-region for each partition's global services, such as "aws-global".
func Unsupported(region string) string {
	choice := strings.Join(supported(), ", ")

	switch partition := PartitionOf(region); {
	case partition == "" || strings.HasSuffix(region, "-global"):
		return fmt.Sprintf("an AWS region in one of the partitions %s, as AWS's SDK lists them in "+
			"internal/scope/partitions.json", choice)
	case slices.Contains(supported(), partition):
		return ""
	default:
		return fmt.Sprintf("an AWS region in one of the partitions %s: the principals and endpoints of services in %s "+
			"are unknown to the program", choice, partition)
	}
}

// Package settings is the one typed configuration of an environment: its defaults, its strict decoding and
// its validation. It reports every problem of every section at once, before anything is created.
package settings

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/components/network"
)

// Settings are what a person tunes in Pulumi.<environment>.yaml.
type Settings struct {
	// Region is the AWS region that everything is in.
	Region string `mapstructure:"aws:region"`
	// DefaultTags are put on every resource of AWS that can have tags.
	DefaultTags DefaultTags `mapstructure:"aws:defaultTags"`
	Network     Network     `mapstructure:"platform:network"`
}

// DefaultTags holds the tags one level down, where the AWS provider's own setting has them.
type DefaultTags struct {
	Tags map[string]string `mapstructure:"tags"`
}

// Network is the section platform:network.
type Network struct {
	// CIDR is the VPC's, between /16 and /20; no other environment's overlaps it.
	CIDR netip.Prefix `mapstructure:"cidr"`
	// Zones are the letters of at least two availability zones.
	Zones []string `mapstructure:"zones"`
	// NAT says how many zones have a NAT gateway. Default: single.
	NAT network.NAT `mapstructure:"nat"`
	// InterfaceEndpoints are AWS services that private subnets reach without NAT, such as "ecr.api".
	// Default: none.
	InterfaceEndpoints []string `mapstructure:"interfaceEndpoints"`
	// Domain is the domain under which each environment has its private DNS zone. Default: the book's.
	Domain string `mapstructure:"domain"`
}

// Defaults are the settings that a stack file may leave out. What is not here has none: no default could be
// right for two environments.
func Defaults() Settings {
	return Settings{
		Region:      "",
		DefaultTags: DefaultTags{Tags: nil},
		Network: Network{
			CIDR:               netip.Prefix{},
			Zones:              nil,
			NAT:                network.NATSingle,
			InterfaceEndpoints: nil,
			Domain:             "msur-vpc.com",
		},
	}
}

// Keys returns the path of every setting, in order.
func Keys() []string { return slices.Sorted(maps.Keys(keys())) }

// key says what a setting wants, for whoever got it wrong.
type key struct {
	// wants completes the sentence "want …".
	wants string
	// member is the part of a list or map that the example is for.
	member string
	// example is a value that is right in most environments.
	example string
}

func keys() map[string]key {
	return map[string]key{
		"aws:region":                          {"an AWS region", "", "us-east-1"},
		"aws:defaultTags.tags":                {"the tags Environment, Project and ManagedBy", ".Project", "platform"},
		"platform:network.cidr":               {"an IPv4 CIDR between /16 and /20", "", "10.10.0.0/16"},
		"platform:network.zones":              {"the letters of at least two zones", "[0]", "a"},
		"platform:network.nat":                {"none, single or perZone", "", "single"},
		"platform:network.interfaceEndpoints": {"a list of AWS services other than s3", "[0]", "ecr.api"},
		"platform:network.domain":             {"a domain name", "", "msur-vpc.com"},
	}
}

// keyOf returns the key at path, which may be an element of its list or a member of its map.
func keyOf(path string) key {
	if known, exact := keys()[path]; exact {
		return known
	}

	for parent, known := range keys() {
		if strings.HasPrefix(path, parent+"[") || strings.HasPrefix(path, parent+".") {
			return key{wants: known.wants, member: "", example: known.example}
		}

		if strings.HasPrefix(parent, path+".") {
			return key{wants: "an object", member: strings.TrimPrefix(parent, path) + known.member, example: known.example}
		}
	}

	return key{wants: "", member: "", example: ""}
}

// Package settings is the one typed configuration of an environment: its defaults, its strict decoding and
// its validation. It reports every problem of every section at once, before anything is created.
package settings

import (
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
)

// Settings are what a person tunes in Pulumi.<environment>.yaml.
type Settings struct {
	// Region is the AWS region that everything is in.
	Region string `mapstructure:"aws:region"`
	// AllowedAccountIDs are the accounts that may be deployed to. Default: none are named, and any may.
	AllowedAccountIDs []string `mapstructure:"aws:allowedAccountIds"`
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
		Network: Network{
			NAT:    network.NATSingle,
			Domain: "msur-vpc.com",
		},
	}
}

// Keys returns the path of every setting, in order.
func Keys() []string { return slices.Sorted(maps.Keys(keys())) }

// key says what a setting wants, for whoever got it wrong.
type key struct {
	// wants completes the sentence "want …".
	wants string
	// part is what an element of a list or a member of a map wants.
	part string
	// example is a value that is right in most environments; where there is none, a wrong value is taken away,
	// so that its default holds or the next run says more.
	example string
}

func keys() map[string]key {
	return map[string]key{
		"aws:region": {wants: "an AWS region", example: "us-east-1"},
		"aws:allowedAccountIds": {
			wants: "a list of account ids", part: "an account's id of 12 digits, in quotes where it starts with 0",
		},
		"aws:defaultTags.tags":  {wants: "the tags Environment, Project and ManagedBy", part: "a text"},
		"platform:network.cidr": {wants: "an IPv4 CIDR between /16 and /20", example: "10.10.0.0/16"},
		"platform:network.zones": {
			wants: "the letters of at least two zones", part: "a letter from " + layout.FirstZone + " to " + layout.LastZone,
		},
		"platform:network.nat": {wants: "none, single or perZone", example: string(network.NATSingle)},
		"platform:network.interfaceEndpoints": {
			wants: "a list of AWS services other than s3 and dynamodb", part: "an AWS service's name, such as ecr.api",
		},
		"platform:network.domain": {wants: "a domain name", example: "msur-vpc.com"},
	}
}

// keyOf returns the key at path, which may also be a part of its value, or an object of which keys are members.
func keyOf(path string) key {
	all := keys()
	if known, exact := all[path]; exact {
		return known
	}

	var members []string

	for _, name := range Keys() {
		if isPart(path, name) {
			return key{wants: all[name].part}
		}

		if isPart(name, path) {
			members = append(members, strings.TrimPrefix(name, path+"."))
		}
	}

	return key{wants: "an object of " + strings.Join(members, ", ")}
}

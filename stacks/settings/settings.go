// Package settings is the one typed configuration of an environment: its defaults, its strict decoding and
// its validation. It reports every problem of every section at once, before anything is created.
package settings

import (
	"net/netip"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/network"
)

// Settings are what a person tunes in Pulumi.<environment>.yaml.
type Settings struct {
	// Region is the AWS region that everything is in.
	Region string `mapstructure:"aws:region"`
	// AllowedAccountIDs are the accounts that may be deployed to. Default: none are named, and any may: no id is right for
	// everybody who has the repository.
	AllowedAccountIDs []string `mapstructure:"aws:allowedAccountIds"`
	// DefaultTags are put on every resource of AWS that can have tags.
	DefaultTags DefaultTags `mapstructure:"aws:defaultTags"`
	Environment Environment `mapstructure:"platform:environment"`
	Network     Network     `mapstructure:"platform:network"`
	Cluster     Cluster     `mapstructure:"platform:cluster"`
	Database    Database    `mapstructure:"platform:database"`
	Cache       Cache       `mapstructure:"platform:cache"`
	Ingress     Ingress     `mapstructure:"platform:ingress"`
	GitOps      GitOps      `mapstructure:"platform:gitops"`
	Runner      Runner      `mapstructure:"platform:runner"`
	// Apps are the applications, by name. Default: none.
	Apps map[string]App `mapstructure:"platform:apps"`
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
	// NAT says how many zones have a NAT gateway. Default: single; each costs 33 USD a month before traffic (Amazon VPC
	// pricing, us-east-1), and an environment that must survive the loss of a zone is refused with one.
	NAT network.NAT `mapstructure:"nat"`
	// InterfaceEndpoints are AWS services that private subnets reach without NAT, such as "ecr.api".
	// Default: none; each costs its price in every zone, and NAT leads to all services.
	InterfaceEndpoints []string `mapstructure:"interfaceEndpoints"`
	// FlowLogTraffic is which connections flow logs record: ALL, ACCEPT or REJECT. Default: ALL, which an investigation
	// needs; REJECT costs least, for flow logs are billed by the GB.
	FlowLogTraffic network.Traffic `mapstructure:"flowLogTraffic"`
	// Domain is the domain under which each environment has its private DNS zone. Default: the book's; nobody outside
	// the VPC asks for it.
	Domain string `mapstructure:"domain"`
}

// Defaults are the settings that a stack file may leave out. What is not here has none: no default could be
// right for two environments.
func Defaults() Settings {
	return Settings{
		Network: Network{
			NAT:            network.NATSingle,
			FlowLogTraffic: network.TrafficAll,
			Domain:         "msur-vpc.com",
		},
		Cluster:  Cluster{LogTypes: cluster.LogTypes()},
		Database: Database{Version: "8.4", StorageGiB: 20, MaxStorageGiB: 100, BackupRetentionDays: 7},
		Cache:    Cache{Version: "8.2", SnapshotRetentionDays: 7},
		Ingress:  Ingress{Host: "flightsvc.com"},
		GitOps: GitOps{
			Repository: "https://github.com/msur/platform.git", Prune: true, SelfHeal: true,
		},
	}
}

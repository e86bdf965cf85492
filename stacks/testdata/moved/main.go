// Components that get other names, and another parent, from one up to the next: how that is written, so that the engine
// knows them again, and deletes nothing.
package main

import (
	"errors"
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cache"
	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/scope"
)

func main() { pulumi.Run(run) }

func run(ctx *pulumi.Context) error {
	if moved, _ := ctx.GetConfig("moved:moved"); moved != "true" {
		return deploy(ctx, func(name, _ string) (string, pulumi.ResourceOption) { return name, nil })
	}

	data := &pulumi.ResourceState{}
	if err := ctx.RegisterComponentResource("trial:index:Data", "data", data); err != nil {
		return err
	}

	return deploy(ctx, func(before, now string) (string, pulumi.ResourceOption) {
		return now, pulumi.Composite(pulumi.Parent(data), pulumi.Aliases([]pulumi.Alias{
			{Name: pulumi.String(before), NoParent: pulumi.Bool(true)},
		}))
	})
}

const environment = "sandbox"

func place() scope.Place {
	return scope.Place{Partition: "aws", Region: "us-east-1", AccountID: "123456789012"}
}

// deploy makes what holds data. named chooses between the two names of a component.
func deploy(ctx *pulumi.Context, named func(before, now string) (string, pulumi.ResourceOption)) error {
	name, placed := named("encryption", "key")
	key, keyErr := encryption.New(ctx, name, &encryption.Args{
		Environment: environment, Place: place(),
		DeletionWindowDays: 7, LogGroups: []string{"*"},
	}, placed)

	name, placed = named("network", "vpc")
	vpc, vpcErr := network.New(ctx, name, &network.Args{
		Environment: environment, Place: place(),
		CIDR: netip.MustParsePrefix("10.10.0.0/16"), Zones: []string{"a", "b"}, NAT: network.NATNone,
		Domain: "sandbox.example", ClusterName: environment, LogRetentionDays: 7, FlowLogTraffic: network.TrafficAll,
		KeyARN: key.KeyARN,
	}, placed)

	name, placed = named("database", "mysql")
	_, databaseErr := database.New(ctx, name, &database.Args{
		Environment: environment, Place: place(), VPCID: vpc.VPCID, SubnetIDs: vpc.DataSubnetIDs,
		ClientSecurityGroupID: vpc.NodeSecurityGroupID, DNSZoneID: vpc.DNSZoneID, KeyARN: key.KeyARN,
		LogRetentionDays: 7, Version: "8.4", InstanceClass: "db.t4g.micro", StorageGiB: 20, MaxStorageGiB: 100,
		BackupRetentionDays: 7,
	}, placed)

	name, placed = named("cache", "valkey")
	_, cacheErr := cache.New(ctx, name, &cache.Args{
		Environment: environment, VPCID: vpc.VPCID, SubnetIDs: vpc.DataSubnetIDs,
		ClientSecurityGroupID: vpc.NodeSecurityGroupID, DNSZoneID: vpc.DNSZoneID, KeyARN: key.KeyARN,
		Version: "8.0", NodeType: "cache.t4g.micro", SnapshotRetentionDays: 1, Users: []string{"reservations"},
	}, placed)

	addons := essentialAddons()

	name, placed = named("cluster", "eks")
	_, clusterErr := cluster.New(ctx, name, &cluster.Args{
		Environment: environment, Place: place(),
		Version: "1.35", VPCID: vpc.VPCID, SubnetIDs: vpc.PrivateSubnetIDs, NodeSecurityGroupID: vpc.NodeSecurityGroupID,
		KeyARN: key.KeyARN, LogRetentionDays: 7, LogTypes: cluster.LogTypes(),
		Admins: []string{"arn:aws:iam::123456789012:role/platform-deploy"}, Addons: addons,
	}, placed)

	return errors.Join(keyErr, vpcErr, databaseErr, cacheErr, clusterErr)
}

// essentialAddons are those that no cluster does without.
func essentialAddons() map[string]cluster.Addon {
	addons := make(map[string]cluster.Addon)

	for name, version := range plan.Addons("1.35") {
		addons[name] = cluster.Addon{Version: version}
	}

	return addons
}

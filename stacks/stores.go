package stacks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/msur/platform/components/cache"
	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/database/engine"
	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/ingress"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/stacks/settings"
)

// stores are what applications can need, and the key that they are encrypted with.
type stores struct {
	key   *encryption.Encryption
	mysql *database.Database
	cache *cache.Cache
}

func (d *deployment) stores(key *encryption.Encryption, vpc *network.Network) (*stores, error) {
	mysql, err := d.database(key, vpc)
	if err != nil {
		return nil, err
	}

	valkey, err := d.cache(key, vpc)
	if err != nil {
		return nil, err
	}

	return &stores{key: key, mysql: mysql, cache: valkey}, nil
}

func (d *deployment) database(key *encryption.Encryption, vpc *network.Network) (*database.Database, error) {
	tuned := d.environment.Settings.Database

	mysql, err := database.New(d.ctx, "database", &database.Args{
		Environment:           d.environment.Name,
		Partition:             d.account.partition,
		VPCID:                 vpc.VPCID,
		SubnetIDs:             vpc.DataSubnetIDs,
		ClientSecurityGroupID: vpc.NodeSecurityGroupID,
		DNSZoneID:             vpc.DNSZoneID,
		KeyARN:                key.KeyARN,
		LogRetentionDays:      d.environment.policy.logRetentionDays,
		ExistingLogGroups:     d.account.logGroups,
		Version:               tuned.Version,
		InstanceClass:         tuned.InstanceClass,
		StorageGiB:            tuned.StorageGiB,
		MaxStorageGiB:         tuned.MaxStorageGiB,
		MultiAZ:               tuned.MultiAZ,
		BackupRetentionDays:   tuned.BackupRetentionDays,
		Parameters:            tuned.Parameters,
		KeepData:              d.environment.policy.keepsData,
		Protect:               d.environment.protects(),
	}, d.with)
	if err != nil {
		return nil, fmt.Errorf("deploying the database: %w", err)
	}

	return mysql, nil
}

func (d *deployment) cache(key *encryption.Encryption, vpc *network.Network) (*cache.Cache, error) {
	tuned := d.environment.Settings.Cache

	valkey, err := cache.New(d.ctx, "cache", &cache.Args{
		Environment:           d.environment.Name,
		VPCID:                 vpc.VPCID,
		SubnetIDs:             vpc.DataSubnetIDs,
		ClientSecurityGroupID: vpc.NodeSecurityGroupID,
		DNSZoneID:             vpc.DNSZoneID,
		KeyARN:                key.KeyARN,
		Version:               tuned.Version,
		NodeType:              tuned.NodeType,
		Replicas:              tuned.Replicas,
		SnapshotRetentionDays: tuned.SnapshotRetentionDays,
		Users:                 d.environment.appsThatNeed(settings.NeedsRedis),
		KeepData:              d.environment.policy.keepsData,
		Protect:               d.environment.protects(),
	}, d.with)
	if err != nil {
		return nil, fmt.Errorf("deploying the cache: %w", err)
	}

	return valkey, nil
}

// warningsOfMemory warn that the database is too small for IAM logins, which are the services' only ones. AWS accepts
// it, so it is not refused; control D0 fails.
func (e *Environment) warningsOfMemory() []string {
	const (
		path      = "platform:database.instanceClass"
		poolPath  = "platform:database.parameters.innodb_buffer_pool_size"
		parameter = "innodb_buffer_pool_size"
		small     = "db.t4g.small"
	)

	tuned := e.Settings.Database
	pool, given := tuned.Parameters[parameter]

	spare, known := engine.SpareMiB(tuned.InstanceClass, cmp.Or(pool, engine.BufferPool(tuned.InstanceClass)))
	if !known || spare >= engine.MinSpareMiB {
		return nil
	}

	at, fix := path, settings.SetCommand(e.Name, path, small)
	if given {
		at, fix = poolPath, settings.RemoveCommand(e.Name, poolPath)
	}

	return []string{fmt.Sprintf("%s: %s leaves about %d MiB beside the buffer pool, and IAM logins, the services' only "+
		"ones, need %d at least: they fail under load; to fix it, type: %s", at, tuned.InstanceClass, max(spare, 0),
		engine.MinSpareMiB, fix)}
}

// appsThatNeed are the names of the applications that use a store, in order.
func (e *Environment) appsThatNeed(store settings.Need) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(e.Settings.Apps)), func(name string) bool {
		return !slices.Contains(e.Settings.Apps[name].Needs, store)
	})
}

func (d *deployment) ingress(vpc *network.Network, eks *cluster.Cluster) (*ingress.Ingress, error) {
	entrance, err := ingress.New(d.ctx, "ingress", &ingress.Args{
		Environment:         d.environment.Name,
		VPCID:               vpc.VPCID,
		VPCCIDR:             d.environment.Settings.Network.CIDR,
		SubnetIDs:           vpc.PublicSubnetIDs,
		NodeSecurityGroupID: vpc.NodeSecurityGroupID,
		ScalingGroupNames:   eks.ScalingGroupNames,
		CertificateARN:      d.environment.Settings.Ingress.CertificateARN,
		HighlyAvailable:     d.environment.policy.highlyAvailable,
		Kubernetes:          eks.Provider,
	}, d.with)
	if err != nil {
		return nil, fmt.Errorf("deploying the ingress: %w", err)
	}

	return entrance, nil
}

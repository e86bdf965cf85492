package cache

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cache/engine"
	"github.com/msur/platform/components/internal/store"
)

// replicationGroup is the cache itself: a primary and its replicas, encrypted at rest (which no later change can bring)
// and in transit. Whoever runs `up` has chosen the hour: what they change happens at once.
func (b *builder) replicationGroup(
	group *ec2.SecurityGroup, users *elasticache.UserGroup,
) (*elasticache.ReplicationGroup, error) {
	subnets, err := b.subnetGroup()
	if err != nil {
		return nil, err
	}

	parameters, err := b.parameterGroup()
	if err != nil {
		return nil, err
	}

	failover := pulumi.Bool(b.args.Replicas > 0)

	made, err := elasticache.NewReplicationGroup(b.Ctx, b.Logical("nodes"), &elasticache.ReplicationGroupArgs{
		ReplicationGroupId: pulumi.String(b.Prefix),
		Description:        pulumi.String("Cache of the " + b.args.Environment + " environment"),
		Engine:             pulumi.String(valkey),
		EngineVersion:      pulumi.String(b.args.Version),
		NodeType:           pulumi.String(b.args.NodeType),
		Port:               pulumi.Int(Port),
		ParameterGroupName: parameters.Name,

		NumCacheClusters:         pulumi.Int(1 + b.args.Replicas),
		AutomaticFailoverEnabled: failover,
		MultiAzEnabled:           failover,

		SubnetGroupName:  subnets.Name,
		SecurityGroupIds: pulumi.StringArray{group.ID()},
		UserGroupIds:     pulumi.StringArray{users.UserGroupId},

		AtRestEncryptionEnabled:  pulumi.Bool(true),
		KmsKeyId:                 b.args.KeyARN.ToStringOutput().ToStringPtrOutput(),
		TransitEncryptionEnabled: pulumi.Bool(true),

		AutoMinorVersionUpgrade: pulumi.Bool(true),
		ApplyImmediately:        pulumi.Bool(true),
		MaintenanceWindow:       pulumi.String(store.MaintenanceHours),
		SnapshotWindow:          pulumi.String(store.BackupHours),
		SnapshotRetentionLimit:  pulumi.Int(b.args.SnapshotRetentionDays),
		FinalSnapshotIdentifier: store.FinalSnapshot(group, b.args.KeepData),

		Tags: pulumi.StringMap{"Name": pulumi.String(b.Prefix)},
	}, b.Child(), pulumi.Protect(b.args.Protect))
	if err != nil {
		return nil, fmt.Errorf("replication group: %w", err)
	}

	return made, nil
}

// subnetGroup says where nodes may be.
func (b *builder) subnetGroup() (*elasticache.SubnetGroup, error) {
	const part = "subnets"

	group, err := elasticache.NewSubnetGroup(b.Ctx, b.Logical(part), &elasticache.SubnetGroupArgs{
		Name:        pulumi.String(b.Prefix),
		Description: pulumi.String("Data subnets of the " + b.args.Environment + " environment"),
		SubnetIds:   b.args.SubnetIDs,
		Tags:        b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("subnet group: %w", err)
	}

	return group, nil
}

// parameterGroup has a full cache refuse writes: the default takes keys away, and here they are reservations. Its name
// has its family: the group of another is there before the old one goes, and nothing uses that any more.
func (b *builder) parameterGroup() (*elasticache.ParameterGroup, error) {
	const part = "parameters"

	group, err := elasticache.NewParameterGroup(b.Ctx, b.Logical(part), &elasticache.ParameterGroupArgs{
		Name:        pulumi.String(b.Prefix + "-" + engine.Family),
		Family:      pulumi.String(engine.Family),
		Description: pulumi.String("Parameters of " + b.Prefix),
		Parameters: elasticache.ParameterGroupParameterArray{elasticache.ParameterGroupParameterArgs{
			Name: pulumi.String("maxmemory-policy"), Value: pulumi.String("noeviction"),
		}},
		Tags: b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("parameter group: %w", err)
	}

	return group, nil
}

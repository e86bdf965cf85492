package cache

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cache/engine"
	"github.com/msur/platform/components/internal/store"
)

// replicationGroup is the cache itself: a primary and its replicas, encrypted in transit and at rest (which cannot be
// changed later). Changes apply at once, because the operator who runs `up` has chosen the hour.
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

	return elasticache.NewReplicationGroup(b.Ctx, b.Logical("nodes"), &elasticache.ReplicationGroupArgs{
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
}

// subnetGroup has the subnets of the nodes.
func (b *builder) subnetGroup() (*elasticache.SubnetGroup, error) {
	const part = "subnets"

	return elasticache.NewSubnetGroup(b.Ctx, b.Logical(part), &elasticache.SubnetGroupArgs{
		Name:        pulumi.String(b.Prefix),
		Description: pulumi.String("Data subnets of the " + b.args.Environment + " environment"),
		SubnetIds:   b.args.SubnetIDs,
		Tags:        b.Tags(part),
	}, b.Child())
}

// parameterGroup makes a full cache refuse writes: the default evicts keys, and here keys are reservations. The group's
// name contains its family, so that the group of another family can be created before the old one is deleted.
func (b *builder) parameterGroup() (*elasticache.ParameterGroup, error) {
	const part = "parameters"

	return elasticache.NewParameterGroup(b.Ctx, b.Logical(part), &elasticache.ParameterGroupArgs{
		Name:        pulumi.String(b.Prefix + "-" + engine.Family),
		Family:      pulumi.String(engine.Family),
		Description: pulumi.String("Parameters of " + b.Prefix),
		Parameters: elasticache.ParameterGroupParameterArray{elasticache.ParameterGroupParameterArgs{
			Name: pulumi.String("maxmemory-policy"), Value: pulumi.String("noeviction"),
		}},
		Tags: b.Tags(part),
	}, b.Child())
}

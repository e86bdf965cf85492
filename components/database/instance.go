package database

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/database/engine"
	"github.com/msur/platform/components/internal/store"
)

// monitoringSeconds is how often enhanced monitoring looks: the longest interval that RDS has is also the cheapest.
const monitoringSeconds = 60

// instance is the database itself. RDS makes the admin's password, keeps it in Secrets Manager and renews it: it is
// no input of ours, and so in no state. Whoever runs `up` has chosen the hour: what they change happens at once. In the
// next maintenance window it would be late: until then the state would tell of a class that nobody has.
//
// It waits for what RDS would otherwise make by itself or find missing.
func (b *builder) instance(group *ec2.SecurityGroup, role *iam.Role, first []pulumi.Resource) (*rds.Instance, error) {
	subnets, err := b.subnetGroup()
	if err != nil {
		return nil, err
	}

	parameters, err := b.parameterGroup()
	if err != nil {
		return nil, err
	}

	instance, err := rds.NewInstance(b.Ctx, b.Logical("instance"), &rds.InstanceArgs{
		Identifier:    pulumi.String(b.Prefix),
		Engine:        pulumi.String("mysql"),
		EngineVersion: pulumi.String(b.args.Version),
		// RDS enrols a new instance in paid Extended Support unless it is declined (Amazon RDS User Guide, "Creating a DB
		// instance with Amazon RDS Extended Support"). RDS ignores a change on an existing one, which would differ in every
		// preview (hashicorp/terraform-provider-aws#40870): so changes are ignored.
		EngineLifecycleSupport: pulumi.String("open-source-rds-extended-support-disabled"),
		InstanceClass:          pulumi.String(b.args.InstanceClass),
		DbName:                 pulumi.String(Name),
		Port:                   pulumi.Int(Port),

		DbSubnetGroupName:   subnets.Name,
		VpcSecurityGroupIds: pulumi.StringArray{group.ID()},
		PubliclyAccessible:  pulumi.Bool(false),
		MultiAz:             pulumi.Bool(b.args.MultiAZ),

		StorageType:         pulumi.String("gp3"),
		AllocatedStorage:    pulumi.Int(b.args.StorageGiB),
		MaxAllocatedStorage: pulumi.Int(b.args.MaxStorageGiB),
		StorageEncrypted:    pulumi.Bool(true),
		KmsKeyId:            b.args.KeyARN,

		Username:                         pulumi.String("admin"),
		ManageMasterUserPassword:         pulumi.Bool(true),
		MasterUserSecretKmsKeyId:         b.args.KeyARN,
		IamDatabaseAuthenticationEnabled: pulumi.Bool(true),
		ParameterGroupName:               parameters.Name,

		EnabledCloudwatchLogsExports: pulumi.ToStringArray(logTypes()),
		MonitoringInterval:           pulumi.Int(monitoringSeconds),
		MonitoringRoleArn:            role.Arn,
		AutoMinorVersionUpgrade:      pulumi.Bool(true),
		ApplyImmediately:             pulumi.Bool(true),
		MaintenanceWindow:            pulumi.String(store.MaintenanceHours),

		BackupRetentionPeriod:   pulumi.Int(b.args.BackupRetentionDays),
		BackupWindow:            pulumi.String(store.BackupHours),
		CopyTagsToSnapshot:      pulumi.Bool(true),
		DeletionProtection:      pulumi.Bool(b.args.Protect),
		SkipFinalSnapshot:       pulumi.Bool(!b.args.KeepData),
		FinalSnapshotIdentifier: store.FinalSnapshot(group, b.args.KeepData),

		Tags: pulumi.StringMap{"Name": pulumi.String(b.Prefix)},
	}, b.Child(), pulumi.DependsOn(first), pulumi.Protect(b.args.Protect),
		pulumi.IgnoreChanges([]string{"engineLifecycleSupport"}))
	if err != nil {
		return nil, fmt.Errorf("instance: %w", err)
	}

	return instance, nil
}

// subnetGroup says where the instance and its standby may be.
func (b *builder) subnetGroup() (*rds.SubnetGroup, error) {
	const part = "subnets"

	group, err := rds.NewSubnetGroup(b.Ctx, b.Logical(part), &rds.SubnetGroupArgs{
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

// longSeconds is how long a query takes before it is logged; MySQL's own 10 would let through what makes users wait.
const longSeconds = "1"

// parameterGroup has MySQL refuse connections without TLS, and log slow queries to the file that RDS exports: its own
// choice is a table, which is not exported. On a small class, the buffer pool leaves the memory that IAM logins need.
// Another version needs another group: it has a prefix and no name, so that the new one is there before the old one
// goes.
func (b *builder) parameterGroup() (*rds.ParameterGroup, error) {
	const part = "parameters"

	parameters := map[string]string{"long_query_time": longSeconds}
	if pool := engine.BufferPool(b.args.InstanceClass); pool != "" {
		parameters["innodb_buffer_pool_size"] = pool
	}

	maps.Copy(parameters, b.args.Parameters)
	maps.Copy(parameters, map[string]string{"require_secure_transport": "1", "slow_query_log": "1", "log_output": "FILE"})

	var described rds.ParameterGroupParameterArray
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		described = append(described, rds.ParameterGroupParameterArgs{
			Name: pulumi.String(name), Value: pulumi.String(parameters[name]),
		})
	}

	group, err := rds.NewParameterGroup(b.Ctx, b.Logical(part), &rds.ParameterGroupArgs{
		NamePrefix:  pulumi.String(b.Prefix + "-"),
		Family:      pulumi.String(engine.Family(b.args.Version)),
		Description: pulumi.String("Parameters of " + b.Prefix),
		Parameters:  described,
		Tags:        b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("parameter group: %w", err)
	}

	return group, nil
}

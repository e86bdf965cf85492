package database

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/database/engine"
	"github.com/msur/platform/components/internal/store"
)

// monitoringSeconds is the interval of enhanced monitoring. RDS's longest interval is also the cheapest.
const monitoringSeconds = 60

// instance is the database itself. RDS generates the admin's password, stores it in Secrets Manager and rotates it, so
// the password is in no state. Changes apply at once, because the operator who runs `up` has chosen the hour; until the
// next maintenance window, the state would differ from the instance.
//
// The instance waits for the resources that RDS would otherwise create itself or miss.
func (b *builder) instance(group *ec2.SecurityGroup, role *iam.Role, first []pulumi.Resource) (*rds.Instance, error) {
	subnets, err := b.subnetGroup()
	if err != nil {
		return nil, err
	}

	parameters, err := b.parameterGroup()
	if err != nil {
		return nil, err
	}

	return rds.NewInstance(b.Ctx, b.Logical("instance"), &rds.InstanceArgs{
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
}

// subnetGroup has the subnets of the instance and its standby.
func (b *builder) subnetGroup() (*rds.SubnetGroup, error) {
	const part = "subnets"

	return rds.NewSubnetGroup(b.Ctx, b.Logical(part), &rds.SubnetGroupArgs{
		Name:        pulumi.String(b.Prefix),
		Description: pulumi.String("Data subnets of the " + b.args.Environment + " environment"),
		SubnetIds:   b.args.SubnetIDs,
		Tags:        b.Tags(part),
	}, b.Child())
}

// longSeconds is the duration from which a query is logged. MySQL's default of 10 would miss queries that users notice.
const longSeconds = "1"

// parameterGroup makes MySQL refuse connections without TLS, and log slow queries to the file that RDS exports; MySQL's
// default is a table, which is not exported. On a small class, the buffer pool is small enough for IAM logins. Another
// version needs another group, so the group has a name prefix: the new group is created before the old one is deleted.
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

	return rds.NewParameterGroup(b.Ctx, b.Logical(part), &rds.ParameterGroupArgs{
		NamePrefix:  pulumi.String(b.Prefix + "-"),
		Family:      pulumi.String(engine.Family(b.args.Version)),
		Description: pulumi.String("Parameters of " + b.Prefix),
		Parameters:  described,
		Tags:        b.Tags(part),
	}, b.Child())
}

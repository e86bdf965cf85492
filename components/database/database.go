// Package database is an environment's MySQL database: an RDS instance in the data subnets, which cluster nodes alone
// can reach and which nobody logs in to with a password that anybody chose.
package database

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/store"
)

// Port is MySQL's.
const Port = 3306

// Name is that of the database that the instance is made with; the book's.
const Name = "microservices_db"

// Args are the inputs of a Database. All are required but for ExistingLogGroups, MultiAZ, Parameters, KeepData and
// Protect.
type Args struct {
	// Environment starts every physical name, such as "sandbox".
	Environment string
	// Partition is AWS's, such as "aws".
	Partition string
	// VPCID is the VPC of all subnets.
	VPCID pulumi.StringInput
	// SubnetIDs are where the instance and its standby may be: in at least two zones.
	SubnetIDs pulumi.StringArrayInput
	// ClientSecurityGroupID is the group whose members may connect. Nobody else may.
	ClientSecurityGroupID pulumi.StringInput
	// DNSZoneID is the private zone that gets the record "rds". It is for people: the instance's certificate has the
	// name that AWS gave it.
	DNSZoneID pulumi.StringInput
	// KeyARN is the key that encrypts storage, backups, logs and the admin's password.
	KeyARN pulumi.StringInput
	// LogRetentionDays is how long logs are kept, one of the periods that CloudWatch Logs knows.
	LogRetentionDays int
	// ExistingLogGroups are the names of log groups that the account already has; the database's are imported.
	ExistingLogGroups []string
	// Version is the version of MySQL, one of engine.Known.
	Version string
	// InstanceClass is RDS's name of a machine, such as "db.t4g.micro", which engine.CheckClass accepts.
	InstanceClass string
	// StorageGiB is the disk at first, 20 to 65536; it grows by itself up to MaxStorageGiB, which is more.
	StorageGiB, MaxStorageGiB int
	// MultiAZ keeps a standby in another zone.
	MultiAZ bool
	// BackupRetentionDays is how far back a point in time can be restored, 1 to 35 days.
	BackupRetentionDays int
	// Parameters are MySQL's, by name, beside those that every database has.
	Parameters map[string]string
	// KeepData takes a snapshot when the database is deleted.
	KeepData bool
	// Protect has the engine and RDS refuse to delete the database.
	Protect bool
}

// Database is an environment's MySQL database.
type Database struct {
	pulumi.ResourceState

	// Endpoint is the host name that clients connect to, at Port: the one that its certificate has.
	Endpoint pulumi.StringOutput
	// ResourceID is what IAM calls the instance, as in "db-ABC": not its name.
	ResourceID pulumi.StringOutput
	// AdminSecretARN is the secret that holds the admin's name and password.
	AdminSecretARN pulumi.StringOutput
}

// New makes a database.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Database, error) {
	component := &Database{}

	err := ctx.RegisterComponentResource("platform:database:Database", name, component, opts...)
	if err != nil {
		return nil, fmt.Errorf("registering %s: %w", name, err)
	}

	b := &builder{
		Store: store.Store{Ctx: ctx, Identifier: identifier(args.Environment), Name: name, Component: component},
		args:  args, component: component,
	}
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("making %s: %w", name, err)
	}

	err = ctx.RegisterResourceOutputs(component, pulumi.Map{"endpoint": component.Endpoint})
	if err != nil {
		return nil, fmt.Errorf("registering the outputs of %s: %w", name, err)
	}

	return component, nil
}

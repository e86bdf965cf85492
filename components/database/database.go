// Package database creates an environment's MySQL database: an RDS instance in the data subnets. Only cluster nodes can
// reach it. Services log in by IAM, and RDS generates the admin's password.
package database

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/store"
	"github.com/msur/platform/internal/scope"
)

// Port is the port of MySQL.
const Port = 3306

// Name is the name of the initial database, as in the book.
const Name = "microservices_db"

// Args are the inputs of a Database. All are required except ExistingLogGroups, MultiAZ, Parameters, KeepData and
// Protect.
type Args struct {
	// Environment is the prefix of physical names, such as "sandbox".
	Environment string
	// Place is where the database is.
	Place scope.Place
	// VPCID is the VPC of all subnets.
	VPCID pulumi.StringInput
	// SubnetIDs are the subnets of the instance and its standby, in at least two zones.
	SubnetIDs pulumi.StringArrayInput
	// ClientSecurityGroupID is the security group whose members, and no others, are allowed to connect.
	ClientSecurityGroupID pulumi.StringInput
	// DNSZoneID is the private zone that gets the record "rds". Clients use Endpoint, the name in the instance's
	// certificate.
	DNSZoneID pulumi.StringInput
	// KeyARN is the key that encrypts storage, backups, logs and the admin's password.
	KeyARN pulumi.StringInput
	// LogRetentionDays is how long logs are kept, one of the periods that CloudWatch Logs knows.
	LogRetentionDays int
	// ExistingLogGroups are the names of log groups that the account already has; the database's are imported.
	ExistingLogGroups []string
	// Version is the version of MySQL, one of engine.Known.
	Version string
	// InstanceClass is an RDS instance class, such as "db.t4g.micro", that engine.CheckClass accepts.
	InstanceClass string
	// StorageGiB is the initial size of the disk, 20 to 65536. It grows automatically up to MaxStorageGiB, which is
	// larger.
	StorageGiB, MaxStorageGiB int
	// MultiAZ keeps a standby in another zone.
	MultiAZ bool
	// BackupRetentionDays is how far back any second can be restored, 1 to 35 days.
	BackupRetentionDays int
	// Parameters are MySQL parameters, by name, in addition to those of every database.
	Parameters map[string]string
	// KeepData takes a snapshot when the database is deleted.
	KeepData bool
	// Protect makes the engine and RDS refuse to delete the database.
	Protect bool
}

// Database is an environment's MySQL database.
type Database struct {
	pulumi.ResourceState

	// Endpoint is the host name for clients, at Port. It is the name in the certificate.
	Endpoint pulumi.StringOutput
	// ResourceID is the instance's id in IAM policies, as in "db-ABC".
	ResourceID pulumi.StringOutput
	// AdminSecretARN is the secret that holds the admin's name and password.
	AdminSecretARN pulumi.StringOutput
}

// New creates a database.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Database, error) {
	component := &Database{}

	scoped, err := scope.Register(
		ctx, "platform:database:Database", name, identifier(args.Environment), component, opts...)
	if err != nil {
		return nil, err
	}

	b := &builder{Scope: scoped, args: args, component: component}
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("creating %s: %w", name, err)
	}

	return component, scoped.RegisterOutputs(pulumi.Map{"endpoint": component.Endpoint})
}

// builder creates the resources of one database.
type builder struct {
	scope.Scope

	args      *Args
	component *Database
}

// build creates each resource after those that it needs.
func (b *builder) build() error {
	group, err := b.securityGroup()
	if err != nil {
		return err
	}

	logs, err := b.logGroups()
	if err != nil {
		return err
	}

	role, permission, err := b.monitoringRole()
	if err != nil {
		return err
	}

	instance, err := b.instance(group, role, append(logs, permission))
	if err != nil {
		return err
	}

	b.component.Endpoint = instance.Address
	b.component.ResourceID = instance.ResourceId
	b.component.AdminSecretARN = adminSecret(instance)

	if err := store.Record(b.Scope, b.args.DNSZoneID, "rds", b.component.Endpoint); err != nil {
		return fmt.Errorf("DNS name: %w", err)
	}

	return nil
}

// adminSecret is the secret in which RDS stores the admin's password.
func adminSecret(instance *rds.Instance) pulumi.StringOutput {
	arn := instance.MasterUserSecrets.ApplyT(func(secrets []rds.InstanceMasterUserSecret) (string, error) {
		if len(secrets) == 0 || secrets[0].SecretArn == nil {
			return "", errors.New("RDS returned no secret for the admin, expected the secret that RDS manages")
		}

		return *secrets[0].SecretArn, nil
	})

	return arn.(pulumi.StringOutput)
}

// securityGroup admits the clients of the database.
func (b *builder) securityGroup() (*ec2.SecurityGroup, error) {
	group, err := store.SecurityGroup(b.Scope, store.Access{
		VPCID: b.args.VPCID, Clients: b.args.ClientSecurityGroupID,
		Protocol: "MySQL", Description: "The MySQL database", Port: Port,
	})
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}

	return group, nil
}

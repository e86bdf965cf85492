package database

import (
	"errors"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/rds"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/store"
)

// builder declares the resources of one database, step by step.
type builder struct {
	store.Store

	args      *Args
	component *Database
}

// build declares everything, in the order in which one thing needs another.
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

	if err := b.Record(b.args.DNSZoneID, "rds", b.component.Endpoint); err != nil {
		return fmt.Errorf("name for people: %w", err)
	}

	return nil
}

// adminSecret is the secret that RDS keeps the admin's password in.
func adminSecret(instance *rds.Instance) pulumi.StringOutput {
	arn := instance.MasterUserSecrets.ApplyT(func(secrets []rds.InstanceMasterUserSecret) (string, error) {
		if len(secrets) == 0 || secrets[0].SecretArn == nil {
			return "", errors.New("secret of the admin: RDS tells of none, want the one that it manages")
		}

		return *secrets[0].SecretArn, nil
	})

	return arn.(pulumi.StringOutput)
}

// securityGroup lets clients of the database in.
func (b *builder) securityGroup() (*ec2.SecurityGroup, error) {
	group, err := b.SecurityGroup(store.Access{
		VPCID: b.args.VPCID, Clients: b.args.ClientSecurityGroupID,
		Protocol: "MySQL", Description: "The MySQL database", Port: Port,
	})
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}

	return group, nil
}

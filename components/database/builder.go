package database

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"

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

	if err := b.Record(b.args.DNSZoneID, "rds", b.component.Endpoint); err != nil {
		return fmt.Errorf("name for people: %w", err)
	}

	return nil
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

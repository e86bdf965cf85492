package database

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/route53"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// builder declares the resources of one database, step by step.
type builder struct {
	ctx       *pulumi.Context
	name      string
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

	return b.record()
}

// record is the name that people find the database by.
func (b *builder) record() error {
	const ttlSeconds = 60 // a failover keeps the name; this is for a database that is made anew

	_, err := route53.NewRecord(b.ctx, b.logical("record"), &route53.RecordArgs{
		ZoneId:  b.args.DNSZoneID,
		Name:    pulumi.String("rds"),
		Type:    pulumi.String("CNAME"),
		Ttl:     pulumi.Int(ttlSeconds),
		Records: pulumi.StringArray{b.component.Endpoint},
	}, b.child())
	if err != nil {
		return fmt.Errorf("DNS record: %w", err)
	}

	return nil
}

// identifier is RDS's name of the instance.
func (b *builder) identifier() string { return b.args.Environment + "-" + b.name }

// logical is the Pulumi name of a part of the database; it never holds the environment.
func (b *builder) logical(part string) string { return b.name + "-" + part }

// tags names a part.
func (b *builder) tags(part string) pulumi.StringMap {
	return pulumi.StringMap{"Name": pulumi.String(b.identifier() + "-" + part)}
}

// child puts a resource under the component.
func (b *builder) child() pulumi.ResourceOption { return pulumi.Parent(b.component) }

package cache

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"

	"github.com/msur/platform/components/internal/store"
)

// builder declares the resources of one cache, step by step.
type builder struct {
	store.Store

	args      *Args
	component *Cache
}

// build declares everything, in the order in which one thing needs another.
func (b *builder) build() error {
	group, err := b.securityGroup()
	if err != nil {
		return err
	}

	users, err := b.userGroup()
	if err != nil {
		return err
	}

	nodes, err := b.replicationGroup(group, users)
	if err != nil {
		return err
	}

	b.component.Endpoint = nodes.PrimaryEndpointAddress
	b.component.ARN = nodes.Arn
	b.component.Name = nodes.ReplicationGroupId

	if err := b.Record(b.args.DNSZoneID, "cache", b.component.Endpoint); err != nil {
		return fmt.Errorf("name for people: %w", err)
	}

	return nil
}

// securityGroup lets clients of the cache in.
func (b *builder) securityGroup() (*ec2.SecurityGroup, error) {
	group, err := b.SecurityGroup(store.Access{
		VPCID: b.args.VPCID, Clients: b.args.ClientSecurityGroupID,
		Protocol: "Valkey", Description: "The Valkey cache", Port: Port,
	})
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}

	return group, nil
}

// Package cache creates an environment's Valkey cache: an ElastiCache replication group in the data subnets. Only
// cluster nodes can reach it, and clients log in only by IAM.
package cache

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/store"
	"github.com/msur/platform/internal/scope"
)

// Port is the port of Valkey.
const Port = 6379

// Args are the inputs of a Cache. All are required except Replicas, Users, KeepData and Protect.
type Args struct {
	// Environment is the prefix of physical names, such as "sandbox".
	Environment string
	// VPCID is the VPC of all subnets.
	VPCID pulumi.StringInput
	// SubnetIDs are the subnets of the nodes, in at least two zones.
	SubnetIDs pulumi.StringArrayInput
	// ClientSecurityGroupID is the security group whose members, and no others, are allowed to connect.
	ClientSecurityGroupID pulumi.StringInput
	// DNSZoneID is the private zone that gets the record "cache". Clients use Endpoint, the name in the certificate.
	DNSZoneID pulumi.StringInput
	// KeyARN is the key that encrypts data at rest.
	KeyARN pulumi.StringInput
	// Version is the version of Valkey, one of engine.Known.
	Version string
	// NodeType is an ElastiCache node type, such as "cache.t4g.micro", that engine.CheckNodeType accepts.
	NodeType string
	// Replicas are copies in other zones, 0 to 5, one of which takes over when the primary fails.
	Replicas int
	// SnapshotRetentionDays is how many daily snapshots are kept, 1 to 35.
	SnapshotRetentionDays int
	// Users are the applications that are allowed to log in. Each gets a user of its own.
	Users []string
	// KeepData takes a snapshot when the cache is deleted.
	KeepData bool
	// Protect makes the engine refuse to delete the cache.
	Protect bool
}

// Cache is an environment's Valkey cache.
type Cache struct {
	pulumi.ResourceState

	// Endpoint is the host name of the primary, at Port. It is the name in the certificate.
	Endpoint pulumi.StringOutput
	// ARN is the ARN of the cache.
	ARN pulumi.StringOutput
	// Name is the name in AWS, which login tokens contain.
	Name pulumi.StringOutput
	// Users are the applications' logins, by application.
	Users map[string]User
}

// User is an application's login.
type User struct {
	// Name is the user name. ARN identifies the user in IAM policies.
	Name, ARN pulumi.StringOutput
}

// New creates a cache.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Cache, error) {
	component := &Cache{Users: make(map[string]User)}

	scoped, err := scope.Register(ctx, "platform:cache:Cache", name, args.Environment+"-cache", component, opts...)
	if err != nil {
		return nil, err
	}

	b := &builder{Scope: scoped, args: args, component: component}
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("creating %s: %w", name, err)
	}

	return component, scoped.RegisterOutputs(pulumi.Map{"endpoint": component.Endpoint})
}

// builder creates the resources of one cache.
type builder struct {
	scope.Scope

	args      *Args
	component *Cache
}

// build creates each resource after those that it needs.
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

	if err := store.Record(b.Scope, b.args.DNSZoneID, "cache", b.component.Endpoint); err != nil {
		return fmt.Errorf("DNS name: %w", err)
	}

	return nil
}

// securityGroup admits the clients of the cache.
func (b *builder) securityGroup() (*ec2.SecurityGroup, error) {
	group, err := store.SecurityGroup(b.Scope, store.Access{
		VPCID: b.args.VPCID, Clients: b.args.ClientSecurityGroupID,
		Protocol: "Valkey", Description: "The Valkey cache", Port: Port,
	})
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}

	return group, nil
}

// Package cache is an environment's Valkey cache: an ElastiCache replication group in the data subnets, which cluster
// nodes alone can reach and which lets nobody in but by IAM.
package cache

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/store"
	"github.com/msur/platform/internal/scope"
)

// Port is Valkey's.
const Port = 6379

// MaxUserName is how long the name of an application is at most, in an environment: a user's id has 40 characters
// (ElastiCache API Reference, CreateUser), the environment and a dash among them.
func MaxUserName(environment string) int {
	const maxUserID = 40

	return maxUserID - len(userID(environment, ""))
}

// Args are the inputs of a Cache. All are required but for Replicas, Users, KeepData and Protect.
type Args struct {
	// Environment starts every physical name, such as "sandbox".
	Environment string
	// VPCID is the VPC of all subnets.
	VPCID pulumi.StringInput
	// SubnetIDs are where the nodes may be: in at least two zones.
	SubnetIDs pulumi.StringArrayInput
	// ClientSecurityGroupID is the group whose members may connect. Nobody else may.
	ClientSecurityGroupID pulumi.StringInput
	// DNSZoneID is the private zone that gets the record "cache". It is for people: the certificate has the name that
	// AWS gave.
	DNSZoneID pulumi.StringInput
	// KeyARN is the key that encrypts what is at rest.
	KeyARN pulumi.StringInput
	// Version is the version of Valkey, one of engine.Known.
	Version string
	// NodeType is ElastiCache's name of a machine, such as "cache.t4g.micro", which engine.CheckNodeType accepts.
	NodeType string
	// Replicas are copies in other zones, 0 to 5, one of which takes over when the primary fails.
	Replicas int
	// SnapshotRetentionDays is how many daily snapshots are kept, 1 to 35.
	SnapshotRetentionDays int
	// Users are the applications that may log in, each by a role that may connect as its user.
	Users []string
	// KeepData takes a snapshot when the cache is deleted.
	KeepData bool
	// Protect has the engine refuse to delete the cache.
	Protect bool
}

// Cache is an environment's Valkey cache.
type Cache struct {
	pulumi.ResourceState

	// Endpoint is the host name of the primary, at Port: the one that its certificate has.
	Endpoint pulumi.StringOutput
	// ARN is the cache's.
	ARN pulumi.StringOutput
	// Name is AWS's name of the cache, which is in every token that lets in.
	Name pulumi.StringOutput
	// Users are those of the applications, by application.
	Users map[string]User
}

// User is an application's login.
type User struct {
	// Name is what the application calls itself, and ARN what IAM calls it.
	Name, ARN pulumi.StringOutput
}

// New makes a cache.
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

// builder declares the resources of one cache, step by step.
type builder struct {
	scope.Scope

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

	if err := store.Record(b.Scope, b.args.DNSZoneID, "cache", b.component.Endpoint); err != nil {
		return fmt.Errorf("name for people: %w", err)
	}

	return nil
}

// securityGroup lets clients of the cache in.
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

package cache_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cache"
	"github.com/msur/platform/components/graphtest"
)

const (
	nodesType      = "aws:elasticache/replicationGroup:ReplicationGroup"
	parametersType = "aws:elasticache/parameterGroup:ParameterGroup"
	subnetsType    = "aws:elasticache/subnetGroup:SubnetGroup"
	userType       = "aws:elasticache/user:User"
	userGroupType  = "aws:elasticache/userGroup:UserGroup"
	groupType      = "aws:ec2/securityGroup:SecurityGroup"
	ruleType       = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	recordType     = "aws:route53/record:Record"

	hours  = "sun:04:30-sun:05:30"
	keyARN = "arn:aws:kms:us-east-1:123456789012:key/k"
)

// run creates a cache under mocks.
func run(t *testing.T, changes ...func(*cache.Args)) *graphtest.Graph {
	t.Helper()

	var values graphtest.Values

	g := graphtest.Run(t, func(ctx *pulumi.Context) error {
		nodes, err := ec2.NewSecurityGroup(ctx, "nodes", &ec2.SecurityGroupArgs{})
		if err != nil {
			return err
		}

		args := &cache.Args{
			Environment:           "sandbox",
			VPCID:                 pulumi.String("vpc-1"),
			SubnetIDs:             pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
			ClientSecurityGroupID: nodes.ID(),
			DNSZoneID:             pulumi.String("Z1"),
			KeyARN:                pulumi.String(keyARN),
			Version:               "8.0", NodeType: "cache.t4g.micro", SnapshotRetentionDays: 7,
			Users: []string{"reservations", "bookings"},
		}
		for _, change := range changes {
			change(args)
		}

		made, err := cache.New(ctx, "cache", args)
		if err != nil {
			return err
		}

		values.Keep("endpoint", made.Endpoint)

		return nil
	})

	values.Has(t, "endpoint", "ReplicationGroup-cache-nodes")

	return g
}

func TestTheCacheIsEncryptedAndOpenOnlyToItsUsers(t *testing.T) {
	t.Parallel()

	nodes := run(t).One(t, nodesType, "cache-nodes").Under("cache")

	for input, want := range map[string]any{
		"replicationGroupId": "sandbox-cache", "engine": "valkey", "engineVersion": "8.0", "nodeType": "cache.t4g.micro",
		"port": cache.Port, "atRestEncryptionEnabled": true, "kmsKeyId": keyARN, "transitEncryptionEnabled": true,
		"userGroupIds": []any{"sandbox-cache"}, "autoMinorVersionUpgrade": true, "applyImmediately": true,
		"maintenanceWindow": hours, "snapshotWindow": "03:00-04:00", "snapshotRetentionLimit": 7,
		"subnetGroupName": "sandbox-cache", "parameterGroupName": "sandbox-cache-valkey8",
	} {
		nodes.Has(input, want)
	}

	nodes.HasNo("authToken").HasNo("finalSnapshotIdentifier").
		Refers("securityGroupIds[0]", groupType, "cache-access").
		DependsOn("cache-users", "cache-subnets", "cache-parameters")
}

func TestAReplicaInAnotherZoneTakesOver(t *testing.T) {
	t.Parallel()

	for replicas, failover := range map[int]bool{0: false, 1: true, 2: true} {
		run(t, func(args *cache.Args) { args.Replicas = replicas }).One(t, nodesType, "cache-nodes").
			Has("numCacheClusters", 1+replicas).
			Has("automaticFailoverEnabled", failover).
			Has("multiAzEnabled", failover)
	}
}

// For IAM logins, the name of a user must be its id. Commands that disturb other clients are forbidden.
func TestEachApplicationHasAUserByIAM(t *testing.T) {
	t.Parallel()

	g := run(t)
	for _, application := range []string{"bookings", "reservations"} {
		g.One(t, userType, "cache-user-"+application).Under("cache").
			Has("userId", "sandbox-"+application).
			Has("userName", "sandbox-"+application).
			Has("engine", "valkey").
			Has("authenticationMode", map[string]any{"type": "iam"}).
			Has("accessString", "on ~* -@all +@read +@write +@connection +@transaction -@dangerous").
			HasNo("passwords").HasNo("noPasswordRequired")
	}

	g.One(t, userGroupType, "cache-users").Under("cache").
		Has("engine", "valkey").
		Has("userIds", []any{"sandbox-bookings", "sandbox-reservations"}).
		DependsOn("cache-user-bookings", "cache-user-reservations")

	run(t, func(args *cache.Args) { args.Users = nil }).
		One(t, userGroupType, "cache-users").Has("userIds", []any{})
}

func TestOnlyTheClientsSecurityGroupHasAccess(t *testing.T) {
	t.Parallel()

	g := run(t)
	g.One(t, groupType, "cache-access").Under("cache").Has("vpcId", "vpc-1").HasNo("ingress").HasNo("egress")
	g.One(t, ruleType, "cache-from-nodes").Under("cache").
		Refers("securityGroupId", groupType, "cache-access").
		Refers("referencedSecurityGroupId", groupType, "nodes").
		Has("fromPort", 6379).Has("toPort", 6379).Has("ipProtocol", "tcp").HasNo("cidrIpv4")
	assert.Len(t, g.All(ruleType), 1)
	g.None(t, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
}

func TestAFullCacheLosesNoReservation(t *testing.T) {
	t.Parallel()

	run(t).One(t, parametersType, "cache-parameters").Under("cache").
		Has("family", "valkey8").
		Has("name", "sandbox-cache-valkey8"). // so that a group of another family can exist beside it
		Has("parameters", []any{map[string]any{"name": "maxmemory-policy", "value": "noeviction"}})
}

func TestTheNameOfTheFinalSnapshotIsUnique(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *cache.Args) { args.KeepData, args.Protect = true, true })

	g.One(t, nodesType, "cache-nodes").
		Protected().
		Has("finalSnapshotIdentifier", "SecurityGroup-cache-access")
}

func TestTheCacheHasADNSName(t *testing.T) {
	t.Parallel()

	g := run(t)
	g.One(t, recordType, "cache-record").Under("cache").
		Has("zoneId", "Z1").Has("name", "cache").Has("type", "CNAME").
		Has("records", []any{"ReplicationGroup-cache-nodes"})
	g.One(t, subnetsType, "cache-subnets").Under("cache").
		Has("name", "sandbox-cache").Has("subnetIds", []any{"subnet-a", "subnet-b"})
}

package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	cacheType           = "aws:elasticache/replicationGroup:ReplicationGroup"
	cacheSubnetsType    = "aws:elasticache/subnetGroup:SubnetGroup"
	cacheParametersType = "aws:elasticache/parameterGroup:ParameterGroup"
	cacheUserType       = "aws:elasticache/user:User"
	cacheUsersType      = "aws:elasticache/userGroup:UserGroup"
)

// caches is a site with what a cache needs before it.
type caches struct {
	*site

	subnets, key, parameters, user, users enginetest.Made
}

func newCaches(t *testing.T) *caches {
	t.Helper()
	c := &caches{site: newSite(t)}
	c.subnets = c.aws.Create(cacheSubnetsType, "cache", in{
		"name": "cache", "subnetIds": []any{c.subnet.ID, c.second.ID},
	})
	c.key = c.aws.Create(keyType, "cache", in{})
	c.parameters = c.aws.Create(cacheParametersType, "cache", in{
		"name": "cache", "family": "valkey8", "parameters": []any{in{"name": "maxmemory-policy", "value": "noeviction"}},
	})
	c.user = c.aws.Create(cacheUserType, "flights", iamUser("flights"))
	c.users = c.aws.Create(cacheUsersType, "cache", in{
		"userGroupId": "cache", "engine": "valkey", "userIds": []any{c.user.ID},
	})

	return c
}

// iamUser is a user of Valkey who comes in by IAM.
func iamUser(id string) in {
	return in{
		"userId": id, "userName": id, "engine": "valkey", "accessString": "on ~* -@all +@read +@write -@dangerous",
		"authenticationMode": in{"type": "iam"},
	}
}

// inputs are those of a cache named cache, with changes; nil takes a property away.
func (c *caches) inputs(change in) in {
	inputs := changed(in{
		"replicationGroupId": "cache", "description": "The cache", "engine": "valkey", "engineVersion": "8.0",
		"nodeType": "cache.t4g.micro", "numCacheClusters": 2, "automaticFailoverEnabled": true, "multiAzEnabled": true,
		"subnetGroupName": c.subnets.ID, "securityGroupIds": []any{c.group.ID}, "parameterGroupName": c.parameters.ID,
		"userGroupIds": []any{c.users.ID}, "transitEncryptionEnabled": true,
		"atRestEncryptionEnabled": true, "kmsKeyId": c.key.Text("arn"),
	}, change)
	for name, value := range inputs {
		if value == nil {
			delete(inputs, name)
		}
	}

	return inputs
}

// redis are changes that make a cache one of Redis, with nothing of Valkey's.
func redis(version string, change in) in {
	return changed(in{
		"engine": "redis", "engineVersion": version, "parameterGroupName": nil, "userGroupIds": nil,
	}, change)
}

func (c *caches) cache(change in) enginetest.Made {
	return c.aws.Create(cacheType, "cache", c.inputs(change))
}

// refuses tries to make a cache with each change, which AWS refuses; nothing is made.
func (c *caches) refuses(t *testing.T, cases map[string]in) {
	t.Helper()

	complete := map[string]in{}
	for want, change := range cases {
		complete[want] = c.inputs(change)
	}

	refuses(t, c.aws, cacheType, complete)
	assert.Empty(t, c.Of(cacheType))
}

// accepts makes a cache with each change, and deletes it again.
func (c *caches) accepts(t *testing.T, cases map[string]in) {
	t.Helper()

	for name, change := range cases {
		t.Run(name, func(t *testing.T) {
			made, err := c.aws.TryCreate(cacheType, "accepted", c.inputs(change))
			require.NoError(t, err)
			require.NoError(t, c.aws.Delete(made))
		})
	}
}

// declines creates each case's resource, which the provider itself refuses.
func declines(t *testing.T, provider *enginetest.Provider, token string, cases map[string]in) {
	t.Helper()

	for want, inputs := range cases {
		t.Run(want, func(t *testing.T) {
			_, err := provider.TryCreate(token, "declined", inputs)
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "operation error", "nobody called AWS")
		})
	}
}

package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCacheSubnetGroups(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	outputs(t, c.subnets, map[string]string{
		"arn": "arn:aws:elasticache:us-east-1:123456789012:subnetgroup:cache", "vpcId": c.vpc.ID,
		"description": "Managed by Pulumi",
	})

	other := c.aws.Create(vpcType, "other", in{"cidrBlock": "10.1.0.0/16"})
	far := c.aws.Create(subnetType, "far", in{"vpcId": other.ID, "cidrBlock": "10.1.0.0/24"})
	with := func(name string, subnets ...any) in { return in{"name": name, "subnetIds": subnets} }
	refuses(t, c.aws, cacheSubnetsType, map[string]in{
		"CacheSubnetGroupAlreadyExists":                            with("cache", c.subnet.ID),
		"InvalidSubnet: Some input subnets":                        with("x", "subnet-"+absent),
		"InvalidSubnet: The requested subnets are not all":         with("x", c.subnet.ID, far.ID),
		"InvalidParameterValue: At least one subnet":               with("x"),
		"InvalidParameterValue: The name \"Upper\" must begin":     with("Upper", c.subnet.ID),
		"InvalidParameterValue: The name \"default\" must begin w": with("default", c.subnet.ID),
	})
	accepts(t, c.aws, cacheSubnetsType, map[string]in{
		"one zone": with("one", c.subnet.ID), "unnamed": {"subnetIds": []any{c.subnet.ID, c.second.ID}},
	})
	assert.Equal(t, []string{"name"}, c.aws.Diff(c.subnets, with("new", c.second.ID)).GetReplaces())

	c.aws.Update(c.subnets, with("cache", c.subnet.ID))
	c.aws.Update(c.subnets, with("cache", c.subnet.ID, c.second.ID))
	c.cache(nil)
	_, err := c.aws.TryUpdate(c.subnets, with("cache", c.subnet.ID))
	require.ErrorContains(t, err, "api error SubnetInUse: The requested subnet "+c.second.ID)

	unused := c.aws.Create(subnetType, "unused", in{
		"vpcId": c.vpc.ID, "cidrBlock": "10.0.9.0/24", "availabilityZone": "us-east-1c",
	})
	c.aws.Create(cacheSubnetsType, "free", with("free", unused.ID))
	require.NoError(t, c.aws.Delete(unused), "a group without nodes keeps no subnet")
}

func TestCacheParameterGroups(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	outputs(t, c.parameters, map[string]string{
		"arn": "arn:aws:elasticache:us-east-1:123456789012:parametergroup:cache", "description": "Managed by Pulumi",
	})

	with := func(name, value string) in {
		return in{"family": "valkey8", "parameters": []any{in{"name": name, "value": value}}}
	}
	refuses(t, c.aws, cacheParametersType, map[string]in{
		"CacheParameterGroupAlreadyExists":                          {"name": "cache", "family": "valkey8"},
		"InvalidParameterValue: CacheParameterGroupFamily valkey9":  {"family": "valkey9"},
		"InvalidParameterValue: The parameter maxmemory_policy doe": with("maxmemory_policy", "noeviction"),
		"InvalidParameterValue: The parameter maxmemory cannot be":  with("maxmemory", "1"),
		"InvalidParameterValue: The parameter maxmemory-policy has": with("maxmemory-policy", "never"),
		"InvalidParameterValue: The parameter maxmemory-policy has an invalid value: noeviction,allkeys-lru": with(
			"maxmemory-policy", "noeviction,allkeys-lru"),
		"InvalidParameterValue: The parameter timeout has an inval": with("timeout", "soon"),
		"InvalidParameterValue: The parameter timeout has an":       with("timeout", "{x}"),
		"InvalidParameterValue: The name \"A\" must":                {"name": "A", "family": "valkey8"},
	})
	accepts(t, c.aws, cacheParametersType, map[string]in{
		"policy": with("maxmemory-policy", "volatile-ttl"), "number": with("timeout", "300"),
		"events": with("notify-keyspace-events", "KEA"), "switch": with("activedefrag", "yes"),
		"none": {"family": "redis7"},
	})
	assert.Equal(t, []string{"family"}, c.aws.Diff(c.parameters, changed(with("maxmemory-policy", "noeviction"), in{
		"name": "cache", "family": "valkey7",
	})).GetReplaces())
}

func TestCacheUsers(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	outputs(t, c.user, map[string]string{"arn": "arn:aws:elasticache:us-east-1:123456789012:user:flights"})

	with := func(change in) in { return changed(iamUser("u"), change) }
	password := func(texts ...any) in { return in{"authenticationMode": in{"type": "password", "passwords": texts}} }
	refuses(t, c.aws, cacheUserType, map[string]in{
		"UserAlreadyExists: User flights already exists.":                 iamUser("flights"),
		"UserAlreadyExists: User default already exists.":                 iamUser("default"),
		"InvalidParameterCombination: User Id and User name must be same": with(in{"userName": "other"}),
		"InvalidParameterCombination: Input Authentication type: \"\"":    with(in{"authenticationMode": nil}),
		"InvalidParameterCombination: Users of engine valkey need": with(in{
			"authenticationMode": in{"type": "no-password-required"},
		}),
		"InvalidParameterCombination: A user needs one or two passwords, got 0": with(password()),
		"InvalidParameterValue: Passwords length must be between 16-128":        with(password("short")),
		"InvalidParameterCombination: Passwords cannot be given":                with(in{"passwords": []any{longPassword}}),
		"InvalidParameterValue: Access String is not valid: >secret":            with(in{"accessString": "on >secret ~*"}),
		"InvalidParameterValue: Access String is not valid: reset":              with(in{"accessString": "reset"}),
		"InvalidParameterValue: The parameter UserId must have":                 iamUser("a_b"),
	})
	accepts(t, c.aws, cacheUserType, map[string]in{
		"IAM": with(nil), "a password": changed(with(password(longPassword)), in{"userId": "p", "userName": "any"}),
		"another way to say it": changed(with(in{"passwords": []any{longPassword}}), in{
			"userId": "w", "authenticationMode": nil,
		}),
		"nobody": {
			"userId": "n", "userName": "default", "engine": "redis", "accessString": "off -@all", "noPasswordRequired": true,
		},
		"few keys": with(in{"userId": "k", "userName": "k", "accessString": "on ~app:* %R~shared:* &* +@all -flushall|x"}),
	})
	declines(t, c.aws, cacheUserType, map[string]in{
		"expected engine to be one of": changed(iamUser("m"), in{"engine": "memcached"}),
	})
	assert.Equal(t, []string{"userName"}, c.aws.Diff(c.user, changed(iamUser("flights"), in{
		"userName": "x", "accessString": "off",
	})).GetReplaces())
}

const longPassword = "0123456789abcdef"

func TestCacheUserGroups(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	outputs(t, c.users, map[string]string{"arn": "arn:aws:elasticache:us-east-1:123456789012:usergroup:cache"})
	c.aws.Create(cacheUserType, "open", in{
		"userId": "open", "userName": "open", "engine": "redis", "accessString": "on ~* +@all", "noPasswordRequired": true,
	})
	c.aws.Create(cacheUserType, "closed", in{
		"userId": "closed", "userName": "default", "engine": "redis", "accessString": "off -@all",
		"passwords": []any{longPassword},
	})

	group := func(engine string, users ...any) in {
		return in{"userGroupId": "g", "engine": engine, "userIds": users}
	}
	refuses(t, c.aws, cacheUsersType, map[string]in{
		"UserGroupAlreadyExists":                       changed(group("valkey"), in{"userGroupId": "cache"}),
		"UserNotFound: User none not found":            group("valkey", "none"),
		"DefaultUserRequired":                          group("redis", "open"),
		"DuplicateUserName":                            group("redis", "default", "closed"),
		"InvalidParameterCombination: User group of e": group("valkey", "open"),
		"InvalidParameterCombination: User group of":   group("valkey", "default"),
		"InvalidParameterValue: The parameter UserGro": changed(group("valkey"), in{"userGroupId": "g-"}),
	})
	accepts(t, c.aws, cacheUsersType, map[string]in{
		"of Valkey":           changed(group("valkey", "flights", "closed"), in{"userGroupId": "a"}),
		"nobody":              changed(group("valkey"), in{"userGroupId": "b"}),
		"of Redis":            changed(group("redis", "default", "open", "flights"), in{"userGroupId": "c"}),
		"another default one": changed(group("REDIS", "closed"), in{"userGroupId": "d"}),
	})

	back := changed(group("redis", "flights"), in{"userGroupId": "cache"})
	assert.Equal(t, []string{"engine"}, c.aws.Diff(c.users, back).GetReplaces())
}

func TestAUserWhoIsGoneIsInNoGroup(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	kept := c.aws.Create(cacheUserType, "bookings", iamUser("bookings"))
	c.aws.Update(c.users, in{"userGroupId": "cache", "engine": "valkey", "userIds": []any{c.user.ID, kept.ID}})
	require.NoError(t, c.aws.Delete(c.user))
	assert.Equal(t, []any{"bookings"}, c.aws.Read(c.users).Outputs.Mappable()["userIds"])

	closed := c.aws.Create(cacheUserType, "closed", in{
		"userId": "closed", "userName": "default", "engine": "redis", "accessString": "off", "noPasswordRequired": true,
	})
	group := c.aws.Create(cacheUsersType, "r", in{"userGroupId": "r", "engine": "redis", "userIds": []any{closed.ID}})
	require.ErrorContains(t, c.aws.Delete(closed), "DefaultUserAssociatedToUserGroup")
	require.NoError(t, c.aws.Delete(group))
	require.NoError(t, c.aws.Delete(closed))
}

func TestWhomACacheLetsIn(t *testing.T) {
	t.Parallel()

	c := newCaches(t)
	c.aws.Create(cacheUsersType, "redis", in{
		"userGroupId": "redis", "engine": "redis", "userIds": []any{"default", c.user.ID},
	})
	c.aws.Create(cacheUsersType, "other", in{"userGroupId": "other", "engine": "redis", "userIds": []any{"default"}})
	c.refuses(t, map[string]in{
		"UserGroupNotFound":                                    {"userGroupIds": []any{"none"}},
		"InvalidParameterValue: Only one user group":           {"userGroupIds": []any{"cache", "redis"}},
		"InvalidParameterCombination: User group cache of eng": redis("7.1", in{"userGroupIds": []any{"cache"}}),
		"InvalidParameterValue: Authentication with IAM needs": redis("6.2", in{"userGroupIds": []any{"redis"}}),
	})
	c.accepts(t, map[string]in{
		"one of Redis": {"userGroupIds": []any{"redis"}}, "nobody in particular": {"userGroupIds": nil},
		"IAM with Redis": redis("7.0", in{"userGroupIds": []any{"redis"}}),
		"no IAM":         redis("6.2", in{"userGroupIds": []any{"other"}}),
	})
}

package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const (
	transitPreferred = "preferred"
	transitRequired  = "required"
)

func checkReplicationGroupID(c *behaviour.Call) error {
	id := c.Text("replicationGroupId")
	if len(id) > 40 || !regexp.MustCompile(`^[a-z](-?[0-9a-z])*$`).MatchString(id) {
		return refuse("InvalidParameterValue", "The parameter ReplicationGroupId must have at most 40 lowercase letters, "+
			"digits and single hyphens, begin with a letter and not end with a hyphen: %q", id)
	}

	if c.Text("description") == "" {
		return fail(`expected "description" to not be an empty string`)
	}

	return nil
}

// checkCachePlace wants a subnet group, for there is no default VPC, and security groups of its VPC.
func checkCachePlace(c *behaviour.Call) error {
	subnets := cacheSubnets().of(c)
	if subnets.ID == "" {
		return refuse("CacheSubnetGroupNotFoundFault", "Cache Subnet Group default does not exist.")
	}

	for _, id := range c.Texts("securityGroupIds") {
		carried, _ := c.Target(behaviour.Reference{Types: groupTypes()}, id)
		if carried.Text("vpcId") != subnets.Text("vpcId") {
			return refuse("InvalidParameterValue", "Some security groups are not of the VPC %s: [%s]",
				subnets.Text("vpcId"), id)
		}
	}

	return nil
}

// setting is one parameter of a group.
type setting struct {
	name, value string
	// method is when RDS applies it; ElastiCache has no choice.
	method string
}

func parametersOf(group account.Resource) []setting {
	var found []setting

	for _, element := range property.At(group.Outputs, "parameters") {
		values, _ := element.(map[string]any)
		named := account.Resource{Outputs: values}
		found = append(found, setting{
			name: named.Text("name"), value: named.Text("value"), method: named.Text("applyMethod"),
		})
	}

	return found
}

// checkCacheParameterFamily wants parameters for the version.
func checkCacheParameterFamily(c *behaviour.Call) error {
	name, want := c.Text("parameterGroupName"), cacheVersionOf(c).family
	if name == "" {
		return nil
	}

	group, _ := c.Get(typeCacheParameterGroup, name)
	family := group.Text("family")

	if isDefaultCacheParameters(name) {
		family = strings.TrimPrefix(name, defaultCacheParameters(""))
	}

	if family != want {
		return refuse("InvalidParameterCombination", "Expected a parameter group of family %s but found one of family %s",
			want, family)
	}

	return nil
}

// checkCacheEncryption wants a key only for what is encrypted.
func checkCacheEncryption(c *behaviour.Call) error {
	encrypted := c.True("atRestEncryptionEnabled")
	if !isGiven(c, "atRestEncryptionEnabled") {
		encrypted = cacheEngine(c) == engineValkey
	}

	if c.Text("kmsKeyId") != "" && !encrypted {
		return refuse("InvalidParameterCombination", "KmsKeyId can be set only if encryption at rest is enabled.")
	}

	return nil
}

func checkTransit(c *behaviour.Call) error {
	mode := c.Text("transitEncryptionMode")

	switch {
	case !slices.Contains([]string{"", transitPreferred, transitRequired}, mode):
		return fail(`expected transit_encryption_mode to be one of ["preferred" "required"], got %s`, mode)
	case mode != "" && !c.True("transitEncryptionEnabled"):
		return refuse("InvalidParameterCombination",
			"TransitEncryptionMode can be set only if encryption in transit is enabled.")
	}

	return nil
}

// checkTransitChange wants TLS to come and go by way of clients that may, so that none is cut off.
func checkTransitChange(c *behaviour.Call) error {
	on := c.True("transitEncryptionEnabled")
	before, exists := c.Tx.Get(c.Resource.Key)
	was := before.Outputs["transitEncryptionEnabled"] == true

	switch {
	case !exists || was == on:
		return nil
	case on && c.Text("transitEncryptionMode") != transitPreferred:
		return refuse("InvalidParameterCombination", "Encryption in transit of an existing replication group must be "+
			"enabled with TransitEncryptionMode preferred first.")
	case was && before.Text("transitEncryptionMode") != transitPreferred:
		return refuse("InvalidParameterCombination", "Encryption in transit can be disabled only when "+
			"TransitEncryptionMode is preferred.")
	}

	return nil
}

// checkCacheAccess wants TLS where clients say who they are, and one way to say it.
func checkCacheAccess(c *behaviour.Call) error {
	groups, token := c.Texts("userGroupIds"), c.Text("authToken")

	switch {
	case len(groups) == 0 && token == "":
		return nil
	case len(groups) > 0 && token != "":
		return fail(`"user_group_ids": conflicts with auth_token`)
	case !c.True("transitEncryptionEnabled"):
		return refuse("InvalidParameterCombination",
			"Encryption in transit must be enabled for user based access control and for an AUTH token.")
	case token != "" && (len(token) < 16 || len(token) > 128):
		return fail("auth_token must contain from 16 to 128 alphanumeric characters or symbols (excluding @, \", and /)")
	case len(groups) > 1:
		return refuse("InvalidParameterValue", "Only one user group can be associated with a replication group.")
	}

	return checkCacheUserGroups(c, groups)
}

// checkCacheUserGroups wants groups that the engine has, and IAM where the version has it.
func checkCacheUserGroups(c *behaviour.Call, groups []string) error {
	version := cacheVersionOf(c)
	early := strings.HasPrefix(version.version, "5.") || strings.HasPrefix(version.version, "6.")

	for _, id := range groups {
		group, _ := c.Get(typeCacheUserGroup, id)
		if strings.EqualFold(group.Text("engine"), engineValkey) && version.engine == engineRedis {
			return refuse("InvalidParameterCombination",
				"User group %s of engine valkey cannot be associated with a replication group of engine redis.", id)
		}

		for _, user := range cacheUsersOf(c, group) {
			if authenticationOf(user) == byIAM && early {
				return refuse("InvalidParameterValue",
					"Authentication with IAM needs engine version 7.0 or later, got %s: user %s", version.version, user.ID)
			}
		}
	}

	return nil
}

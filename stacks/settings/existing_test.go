package settings_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/stacks/settings"
)

// existing returns a valid section for an existing VPC, with changed members. An empty change removes a member.
func existing(changes map[string]string) string {
	members := map[string]string{
		"vpc":            `"vpc-0a1b2c3d4e5f60718"`,
		"publicSubnets":  `{"a": "subnet-0000000000000000a", "b": "subnet-0000000000000000b"}`,
		"privateSubnets": `{"a": "subnet-0000000000000001a", "b": "subnet-0000000000000001b"}`,
		"dataSubnets":    `{"a": "subnet-0000000000000002a", "b": "subnet-0000000000000002b"}`,
	}

	var parts []string

	for _, name := range []string{"vpc", "publicSubnets", "privateSubnets", "dataSubnets"} {
		value := members[name]
		if change, changed := changes[name]; changed {
			value = change
		}

		if value != "" {
			parts = append(parts, `"`+name+`": `+value)
		}
	}

	return `{"existing": {` + strings.Join(parts, ", ") + `}}`
}

func TestAnExistingVPCDecidesTheZones(t *testing.T) {
	t.Parallel()

	loaded, problems := settings.Load(stack, with(t, map[string]string{
		"platform:network": existing(map[string]string{"dataSubnets": ""}),
	}), neighbours())

	require.Empty(t, problems)
	assert.Equal(t, []string{"a", "b"}, loaded.Network.Zones)
	assert.Equal(t, "platform:network.existing.privateSubnets.b", loaded.Network.ZonePath(1))
	assert.Equal(t, network.NATNone, loaded.Network.NAT, "the program creates no gateway")
	assert.False(t, loaded.Network.CIDR.IsValid(), "neighbours have no range to avoid")
	assert.Equal(t, loaded.Network.Existing.PrivateSubnets, loaded.Network.Existing.Subnets(layout.Data))
}

func TestExistingVPCMistakes(t *testing.T) {
	t.Parallel()

	const (
		at      = "platform:network.existing"
		vpc     = at + ".vpc"
		public  = at + ".publicSubnets"
		private = at + ".privateSubnets"
		data    = at + ".dataSubnets"
		id      = "subnet-ID"
	)

	one := func(member, value, path, got, want, fix string) mistake {
		return mistake{
			map[string]string{"platform:network": existing(map[string]string{member: value})}, path, got, want, fix,
		}
	}

	checkMistakes(t, map[string]mistake{
		"no VPC":         one("vpc", "", vpc, "nothing", "vpc-", "'"+vpc+"' vpc-ID"),
		"a subnet's id":  one("vpc", `"subnet-0a1b2c3d"`, vpc, `"subnet-0a1b2c3d"`, "VPC", "'"+vpc+"' vpc-ID"),
		"a VPC's name":   one("vpc", `"main"`, vpc, `"main"`, "VPC", "'"+vpc+"' vpc-ID"),
		"no public ones": one("publicSubnets", "", public, "nothing", "at least two", "'"+public+".b' "+id),
		"one private zone": one("privateSubnets", `{"b": "subnet-0000000000000001b"}`, private+".a",
			"nothing", "at least two", "'"+private+".a' "+id),
		"one data zone": one("dataSubnets", `{"b": "subnet-0000000000000001b"}`, data+".a",
			"nothing", "at least two", "'"+data+".a' "+id),
		"a list": one("dataSubnets", `["subnet-0000000000000001b"]`, data, `["subnet-0000000000000001b"]`, "letter",
			"'"+data+"' && pulumi config set --stack sandbox --path '"+data+".a' "+id+
				" && pulumi config set --stack sandbox --path '"+data+".b' "+id),
		"a malformed id": one("privateSubnets", `{"a": "10.0.0.0/20", "b": "subnet-0000000000000001b"}`, private+".a",
			`"10.0.0.0/20"`, "id of a subnet", "'"+private+".a' "+id),
		"a zone's name": one("dataSubnets",
			`{"a": "subnet-0000000000000002a", "b": "subnet-0000000000000002b", "eu-west-1c": "subnet-0000000000000002c"}`,
			data+".eu-west-1c", `"subnet-0000000000000002c"`, "letter", "'"+data+".eu-west-1c'"),
		"a zone's whole name": one("dataSubnets",
			`{"us-east-1a": "subnet-0000000000000002a", "b": "subnet-0000000000000002b"}`, data+".us-east-1a",
			`"subnet-0000000000000002a"`, "letter", "'"+data+".a' subnet-0000000000000002a && "+
				"pulumi config rm --stack sandbox --path '"+data+".us-east-1a'"),
		"a subnet twice": one("publicSubnets", `{"a": "subnet-0000000000000001b", "b": "subnet-0000000000000001b"}`,
			public+".b", `"subnet-0000000000000001b"`, "another subnet", "'"+public+".b' "+id),
		"a zone without nodes": one("publicSubnets",
			`{"a": "subnet-0000000000000000a", "b": "subnet-0000000000000000b", "c": "subnet-0000000000000000c"}`,
			public+".c", `"subnet-0000000000000000c"`, "private subnet", "'"+public+".c'"),
		"a zone without stores": one("dataSubnets",
			`{"a": "subnet-0000000000000002a", "c": "subnet-0000000000000002c"}, "privateSubnets": {
				"a": "subnet-0000000000000001a", "c": "subnet-0000000000000001c"}, "publicSubnets": {
				"a": "subnet-0000000000000000a", "b": "subnet-0000000000000000b", "c": "subnet-0000000000000000c"}`,
			public+".b", `"subnet-0000000000000000b"`, "private subnet", "'"+public+".b'"),
		"a zone without a load balancer": one("dataSubnets",
			`{"a": "subnet-0000000000000002a", "b": "subnet-0000000000000002b", "c": "subnet-0000000000000002c"},
			"privateSubnets": {
				"a": "subnet-0000000000000001a", "b": "subnet-0000000000000001b", "c": "subnet-0000000000000001c"}`,
			public+".c", "nothing", "private subnet", "'"+public+".c' "+id),
		"a misspelled key": one("vpc", `"vpc-0a1b2c3d", "privateSubnet": {}`, at+".privateSubnet", "{}",
			"privateSubnets?", "'"+at+".privateSubnet'"),
	})
}

func TestAMalformedSubnetIsReportedBesideAMissingOne(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{
		"platform:network": existing(map[string]string{"publicSubnets": `{"a": "subnet-xyz"}`}),
	}), neighbours())

	const public = "platform:network.existing.publicSubnets"
	assert.Equal(t, []string{public + ".a", public + ".b"}, paths(problems))
}

// The owner of an existing VPC has decided these.
func TestAnExistingVPCExcludesTheSettingsOfACreatedOne(t *testing.T) {
	t.Parallel()

	for setting, value := range map[string]string{
		"cidr": `"10.10.0.0/16"`, "zones": `["a", "b"]`, "nat": `"single"`, "interfaceEndpoints": `["ecr.api"]`,
		"flowLogTraffic": `"ALL"`,
	} {
		values := with(t, map[string]string{
			"platform:network": `{"` + setting + `": ` + value + `, ` + existing(nil)[1:],
		})
		_, problems := settings.Load(stack, values, neighbours())

		require.Len(t, problems, 1, setting)
		assert.Equal(t, "platform:network."+setting, problems[0].Path)

		_, problems = settings.Load(stack, apply(t, values, problems[0].Fix), neighbours())
		assert.Empty(t, problems, setting)
	}
}

func TestAnExistingVPCIsAnObject(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{
		"platform:network": `{"existing": "vpc-0a1b2c3d"}`,
	}), neighbours())

	require.Len(t, problems, 1)
	assert.Equal(t, "platform:network.existing", problems[0].Path)
}

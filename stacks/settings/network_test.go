package settings_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

func TestCIDRMistakes(t *testing.T) {
	t.Parallel()

	const path, fix = "platform:network.cidr", "'platform:network.cidr' 10.10.0.0/16"

	cidr := func(json, got, want string) mistake {
		return mistake{map[string]string{path: json}, path, got, want, fix}
	}
	// like has a fix that changes as little as possible.
	like := func(given, want, fixed string) mistake {
		return mistake{map[string]string{path: `"` + given + `"`}, path, `"` + given + `"`, want, "'" + path + "' " + fixed}
	}

	checkMistakes(t, map[string]mistake{
		"missing":        cidr("", "nothing", "CIDR"),
		"empty":          cidr(`""`, `""`, "CIDR"),
		"no CIDR":        cidr(`"10.10.0.0"`, `"10.10.0.0"`, "CIDR"),
		"out of bounds":  cidr(`"10.10.0.0/99"`, `"10.10.0.0/99"`, "CIDR"),
		"a number":       cidr(`10`, `10`, "CIDR"),
		"a list":         cidr(`["10.10.0.0/16"]`, `["10.10.0.0/16"]`, "CIDR"),
		"an object":      cidr(`{"ip": "10.10.0.0"}`, `{"ip":"10.10.0.0"}`, "CIDR"),
		"too small":      like("10.10.20.0/22", "10.10.16.0/21", "10.10.16.0/21"),
		"much too small": like("10.0.0.0/24", "10.0.0.0/21", "10.0.0.0/21"),
		"too large":      like("10.0.0.0/15", "/16", "10.0.0.0/16"),
		"host bits":      cidr(`"10.10.1.0/16"`, `"10.10.1.0/16"`, "10.10.0.0/16"),
		"public":         cidr(`"8.8.0.0/16"`, `"8.8.0.0/16"`, "private"),
		"IPv6":           cidr(`"fd00::/16"`, `"fd00::/16"`, "IPv4"),
		"a neighbour's":  cidr(`"10.20.0.0/16"`, `"10.20.0.0/16"`, "first has 10.20.0.0/16"),
		"inside one":     like("10.30.64.0/18", "second has 10.30.0.0/17", "10.10.0.0/18"),
		"small, inside":  like("10.30.64.0/24", "smallest range that fits is 10.30.64.0/21", "10.10.0.0/21"),
		"around another": cidr(`"10.30.0.0/16"`, `"10.30.0.0/16"`, "second has 10.30.0.0/17"),
	})
}

func TestZoneMistakes(t *testing.T) {
	t.Parallel()

	const path = "platform:network.zones"

	zones := func(json, at, got, want, fix string) mistake {
		return mistake{map[string]string{path: json}, path + at, got, want, fix}
	}

	checkMistakes(t, map[string]mistake{
		"missing":            zones("", "", "nothing", "two", "'platform:network.zones[1]' b"),
		"none":               zones(`[]`, "", "[]", "two", "'platform:network.zones[1]' b"),
		"one":                zones(`["a"]`, "", `["a"]`, "two", "'platform:network.zones[1]' b"),
		"one, the second":    zones(`["b"]`, "", `["b"]`, "two", "'platform:network.zones[1]' a"),
		"a string":           zones(`"a"`, "", `"a"`, "two", "'platform:network.zones[1]' b"),
		"an object":          zones(`{"a": true}`, "", `{"a":true}`, "two", "'platform:network.zones[1]' b"),
		"a zone's name":      zones(`["a", "us-east-1b"]`, "[1]", `"us-east-1b"`, "letter", "'platform:network.zones[1]' b"),
		"a letter after h":   zones(`["b", "i"]`, "[1]", `"i"`, "a to h", "'platform:network.zones[1]' a"),
		"a capital":          zones(`["A", "b"]`, "[0]", `"A"`, "letter", "'platform:network.zones[0]' a"),
		"a number":           zones(`["a", 2]`, "[1]", `2`, "letter", "'platform:network.zones[1]' b"),
		"a list in it":       zones(`["a", ["b"]]`, "[1]", `["b"]`, "letter", "'platform:network.zones[1]' b"),
		"nothing in it":      zones(`["a", null]`, "[1]", "nothing", "letter", "'platform:network.zones[1]' b"),
		"a duplicate":        zones(`["a", "a"]`, "[1]", `"a"`, "not in the list", "'platform:network.zones[1]' b"),
		"a third zone twice": zones(`["b", "a", "b"]`, "[2]", `"b"`, "not in the list", "'platform:network.zones[2]' c"),
		"more zones than letters": zones(`["a", "b", "c", "d", "e", "f", "g", "h", "a"]`, "[8]", `"a"`, "not in the list",
			"'platform:network.zones[8]'"),
	})
}

func TestNetworkMistakes(t *testing.T) {
	t.Parallel()

	const (
		nat      = "platform:network.nat"
		domain   = "platform:network.domain"
		services = "platform:network.interfaceEndpoints"
	)

	one := func(path, json, at, got, want, fix string) mistake {
		return mistake{map[string]string{path: json}, path + at, got, want, fix}
	}

	checkMistakes(t, map[string]mistake{
		"unknown NAT":          one(nat, `"double"`, "", `"double"`, "single or perZone", "'"+nat+"' single"),
		"no NAT":               one(nat, `"none"`, "", `"none"`, "public registries", "'"+nat+"' single"),
		"number as NAT":        one(nat, `1`, "", `1`, "single", "'"+nat+"' single"),
		"boolean as NAT":       one(nat, `true`, "", `true`, "single", "'"+nat+"' single"),
		"empty NAT":            one(nat, `""`, "", `""`, "single", "'"+nat+"' single"),
		"domain of one label":  one(domain, `"msur"`, "", `"msur"`, "domain", "'"+domain+"' msur-vpc.com"),
		"domain with a dash":   one(domain, `"-x.com"`, "", `"-x.com"`, "domain", "'"+domain+"' msur-vpc.com"),
		"number as domain":     one(domain, `5`, "", `5`, "domain", "'"+domain+"' msur-vpc.com"),
		"list as domain":       one(domain, `["x.com"]`, "", `["x.com"]`, "domain", "'"+domain+"' msur-vpc.com"),
		"endpoint of S3":       one(services, `["sts", "s3"]`, "[1]", `"s3"`, "gateway endpoint", "'"+services+"[1]'"),
		"endpoint of DynamoDB": one(services, `["dynamodb"]`, "[0]", `"dynamodb"`, "gateway endpoint", "'"+services+"[0]'"),
		"endpoint of the same name": one(services, `["ecr.api", "ecr-api"]`, "[1]", `"ecr-api"`, "ecr.api",
			"'"+services+"[1]'"),
		"endpoint twice":     one(services, `["ecr.api", "ecr.api"]`, "[1]", `"ecr.api"`, "list", "'"+services+"[1]'"),
		"malformed endpoint": one(services, `["ECR API"]`, "[0]", `"ECR API"`, "service", "'"+services+"[0]'"),
		"endpoint with its region": one(services, `["com.amazonaws.eu-west-1.ecr.api"]`, "[0]",
			`"com.amazonaws.eu-west-1.ecr.api"`, "such as ecr.api", "'"+services+"[0]' ecr.api"),
		"endpoint with capitals": one(services, `["ECR.api"]`, "[0]", `"ECR.api"`, "ecr.api", "'"+services+"[0]' ecr.api"),
		"endpoint with and without its region": one(services, `["sts", "com.amazonaws.eu-west-1.sts"]`, "[1]",
			`"com.amazonaws.eu-west-1.sts"`, "service", "'"+services+"[1]'"),
		"endpoint of S3 with its region": one(services, `["com.amazonaws.eu-west-1.s3"]`, "[0]",
			`"com.amazonaws.eu-west-1.s3"`, "gateway endpoint", "'"+services+"[0]'"),
		"object as endpoint":  one(services, `["sts", {}]`, "[1]", `{}`, "service", "'"+services+"[1]'"),
		"string as endpoints": one(services, `"ecr.api"`, "", `"ecr.api"`, "list", "'"+services+"[0]' ecr.api"),
	})
}

func TestTheFixOfAnOverlapIsAFreeRange(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{"platform:network.cidr": `"10.10.0.0/16"`}),
		settings.Neighbours{
			"wide": netip.MustParsePrefix("10.0.0.0/12"), "next": netip.MustParsePrefix("10.20.128.0/20"),
		})

	require.Len(t, problems, 1)
	assert.Equal(t, config.SetCommand(stack, "platform:network.cidr", "10.30.0.0/16"), problems[0].Fix)
}

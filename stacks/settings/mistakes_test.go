package settings_test

import (
	"net/netip"

	"github.com/msur/platform/stacks/settings"
)

// mistake is one thing wrong with a configuration that is correct otherwise.
type mistake struct {
	// values are what is configured otherwise than in the correct configuration: JSON by path.
	values map[string]string
	// path and got are those of the one problem; want is a part of what it wants.
	path, got, want string
	// mend is what its command ends with: a path and a value, or a path alone where it is to be removed.
	mend string
}

// neighbours are the other environments.
func neighbours() settings.Neighbours {
	return settings.Neighbours{
		"first":  netip.MustParsePrefix("10.20.0.0/16"),
		"second": netip.MustParsePrefix("10.30.0.0/17"),
	}
}

// mistakes are all that a person can get wrong, by what it is.
func mistakes() map[string]map[string]mistake {
	return map[string]map[string]mistake{
		"region": regionMistakes(), "accounts": accountMistakes(), "tags": tagMistakes(),
		"shape": shapeMistakes(), "cidr": cidrMistakes(),
		"zones": zoneMistakes(), "network": networkMistakes(),
		"cluster": clusterMistakes(), "principals": principalMistakes(), "public access": publicAccessMistakes(),
		"kinds of nodes": kindMistakes(), "nodes": nodeMistakes(), "taints": taintMistakes(),
		"add-ons": addonMistakes(), "roles of add-ons": addonRoleMistakes(),
		"database": databaseMistakes(), "parameters": parameterMistakes(), "cache": cacheMistakes(),
		"ingress": ingressMistakes(), "GitOps": gitOpsMistakes(), "apps": appMistakes(),
		"environment": environmentMistakes(), "runner": runnerMistakes(),
	}
}

func regionMistakes() map[string]mistake {
	const path, mend = "aws:region", "'aws:region' us-east-1"

	return map[string]mistake{
		"missing":     {map[string]string{path: ""}, path, "nothing", "region", mend},
		"a zone":      {map[string]string{path: "us-east-1a"}, path, `"us-east-1a"`, "region", mend},
		"misspelt":    {map[string]string{path: "us-east"}, path, `"us-east"`, "region", mend},
		"an object":   {map[string]string{path: `{"name": "us-east-1"}`}, path, `{"name":"us-east-1"}`, "region", mend},
		"capitalised": {map[string]string{path: "US-EAST-1"}, path, `"US-EAST-1"`, "region", mend},
	}
}

func accountMistakes() map[string]mistake {
	const path = "aws:allowedAccountIds"

	ids := func(json, at, got, want string) mistake {
		return mistake{map[string]string{path: json}, path + at, got, want, "'" + path + at + "'"}
	}

	return map[string]mistake{
		"too short":            ids(`["210987654321", "12345"]`, "[1]", `"12345"`, "12 digits"),
		"a number cut short":   ids(`[12345678901]`, "[0]", `12345678901`, "in quotes where it starts with 0"),
		"too long":             ids(`["1234567890123"]`, "[0]", `"1234567890123"`, "12 digits"),
		"a name":               ids(`["sandbox"]`, "[0]", `"sandbox"`, "12 digits"),
		"with dashes":          ids(`["1234-5678-9012"]`, "[0]", `"1234-5678-9012"`, "12 digits"),
		"an object in it":      ids(`[{}]`, "[0]", `{}`, "12 digits"),
		"nothing in it":        ids(`[null]`, "[0]", "nothing", "12 digits"),
		"twice":                ids(`["123456789012", "123456789012"]`, "[1]", `"123456789012"`, "once"),
		"as a text and number": ids(`["123456789012", 123456789012]`, "[1]", `123456789012`, "once"),
		"no list":              ids(`123456789012`, "", `"123456789012"`, "a list"),
		"an object":            ids(`{"sandbox": "123456789012"}`, "", `{"sandbox":"123456789012"}`, "a list"),
	}
}

func tagMistakes() map[string]mistake {
	const (
		tags        = "aws:defaultTags.tags"
		environment = tags + ".Environment"
		others      = `"Project": "platform", "ManagedBy": "pulumi"`
	)

	set := func(json string) map[string]string { return map[string]string{tags: json} }

	return map[string]mistake{
		"of another environment": {
			set(`{"Environment": "staging", ` + others + `}`),
			environment, `"staging"`, "sandbox", "'" + environment + "' sandbox",
		},
		"without Environment": {
			set(`{` + others + `}`),
			environment, "nothing", "sandbox", "'" + environment + "' sandbox",
		},
		"without Project": {
			set(`{"Environment": "sandbox", "ManagedBy": "pulumi"}`),
			tags + ".Project", "nothing", "text", "'" + tags + ".Project' platform",
		},
		"an empty ManagedBy": {
			set(`{"Environment": "sandbox", "Project": "platform", "ManagedBy": ""}`),
			tags + ".ManagedBy", `""`, "text", "'" + tags + ".ManagedBy' pulumi",
		},
		"a list as Project": {
			set(`{"Environment": "sandbox", "Project": ["x"], "ManagedBy": "pulumi"}`),
			tags + ".Project", `["x"]`, "text", "'" + tags + ".Project' platform",
		},
		"an object as another tag": {
			set(`{"Environment": "sandbox", ` + others + `, "Owner": {}}`),
			tags + ".Owner", "{}", "text", "'" + tags + ".Owner'",
		},
		"an object as a tag with dots": {
			set(`{"Environment": "sandbox", ` + others + `, "example.com/owner": {}}`),
			tags + `["example.com/owner"]`, "{}", "text", "'" + tags + `["example.com/owner"]'`,
		},
		"a key that AWS refuses": {
			set(`{"Environment": "sandbox", ` + others + `, "cost;center": "x"}`),
			tags + ".cost;center", `"x"`, "128", "'" + tags + ".cost;center'",
		},
		"a value that AWS refuses": {
			set(`{"Environment": "sandbox", ` + others + `, "Owner": "a & b"}`),
			tags + ".Owner", `"a \u0026 b"`, "256", "'" + tags + ".Owner'",
		},
		"a text": {set(`"sandbox"`), tags, `"sandbox"`, "Environment", "'" + tags + "'"},
		"a list": {set(`[]`), tags, `[]`, "Environment", "'" + tags + "'"},
	}
}

func shapeMistakes() map[string]mistake {
	// Whatever is unknown or no object is to be removed.
	remove := func(configured, json, path, got, want string) mistake {
		return mistake{map[string]string{configured: json}, path, got, want, "'" + path + "'"}
	}
	section := func(key, text, got, want string) mistake { return remove(key, text, key, got, want) }

	const network = "platform:network"

	return map[string]mistake{
		"unknown section":             section("platform:weather", "{}", "{}", "no such key"),
		"misspelt section":            section("platform:netwrk", "{}", "{}", "platform:network?"),
		"capitalised section":         section("platform:Network", "{}", "{}", "platform:network?"),
		"key of the provider":         section("aws:profile", "me", `"me"`, "no such key"),
		"unknown key":                 section(network+".colour", `"red"`, `"red"`, "no such key"),
		"unknown short key":           section(network+".xyz", `"red"`, `"red"`, "no such key"),
		"misspelt key":                section(network+".zone", `["a"]`, `["a"]`, "platform:network.zones?"),
		"capitalised key":             section(network+".NAT", `"none"`, `"none"`, "platform:network.nat?"),
		"unknown key of the tags":     section("aws:defaultTags.tag", "{}", "{}", "aws:defaultTags.tags?"),
		"key with a dot":              remove(network+".to.day", "1", network+`["to.day"]`, "1", "no such key"),
		"section that is a list":      section(network, "[1]", "[1]", "object"),
		"section that is a text":      section(network, "x", `"x"`, "object"),
		"section that is broken JSON": section(network, "{", `"{"`, "object"),
		"section with more after it":  section(network, "{} x", `"{} x"`, "object"),
		"tags that are a list":        section("aws:defaultTags", "[]", "[]", "object"),
	}
}

func cidrMistakes() map[string]mistake {
	const path, mend = "platform:network.cidr", "'platform:network.cidr' 10.10.0.0/16"

	cidr := func(json, got, want string) mistake {
		return mistake{map[string]string{path: json}, path, got, want, mend}
	}

	return map[string]mistake{
		"missing":        cidr("", "nothing", "CIDR"),
		"empty":          cidr(`""`, `""`, "CIDR"),
		"no CIDR":        cidr(`"10.10.0.0"`, `"10.10.0.0"`, "CIDR"),
		"out of bounds":  cidr(`"10.10.0.0/99"`, `"10.10.0.0/99"`, "CIDR"),
		"a number":       cidr(`10`, `10`, "CIDR"),
		"a list":         cidr(`["10.10.0.0/16"]`, `["10.10.0.0/16"]`, "CIDR"),
		"an object":      cidr(`{"ip": "10.10.0.0"}`, `{"ip":"10.10.0.0"}`, "CIDR"),
		"too small":      cidr(`"10.10.20.0/22"`, `"10.10.20.0/22"`, "10.10.16.0/20"),
		"too large":      cidr(`"10.0.0.0/15"`, `"10.0.0.0/15"`, "/16"),
		"host bits":      cidr(`"10.10.1.0/16"`, `"10.10.1.0/16"`, "10.10.0.0/16"),
		"public":         cidr(`"8.8.0.0/16"`, `"8.8.0.0/16"`, "private"),
		"IPv6":           cidr(`"fd00::/16"`, `"fd00::/16"`, "IPv4"),
		"a neighbour's":  cidr(`"10.20.0.0/16"`, `"10.20.0.0/16"`, "first has 10.20.0.0/16"),
		"inside one":     cidr(`"10.30.64.0/18"`, `"10.30.64.0/18"`, "second has 10.30.0.0/17"),
		"around another": cidr(`"10.30.0.0/16"`, `"10.30.0.0/16"`, "second has 10.30.0.0/17"),
	}
}

func zoneMistakes() map[string]mistake {
	const path = "platform:network.zones"

	zones := func(json, at, got, want, mend string) mistake {
		return mistake{map[string]string{path: json}, path + at, got, want, mend}
	}

	return map[string]mistake{
		"missing":           zones("", "", "nothing", "two", "'platform:network.zones[1]' b"),
		"none":              zones(`[]`, "", "[]", "two", "'platform:network.zones[1]' b"),
		"one":               zones(`["a"]`, "", `["a"]`, "two", "'platform:network.zones[1]' b"),
		"one, the second":   zones(`["b"]`, "", `["b"]`, "two", "'platform:network.zones[1]' a"),
		"a text":            zones(`"a"`, "", `"a"`, "two", "'platform:network.zones[1]' b"),
		"an object":         zones(`{"a": true}`, "", `{"a":true}`, "two", "'platform:network.zones[1]' b"),
		"a zone's name":     zones(`["a", "us-east-1b"]`, "[1]", `"us-east-1b"`, "letter", "'platform:network.zones[1]' b"),
		"a letter too far":  zones(`["b", "i"]`, "[1]", `"i"`, "a to h", "'platform:network.zones[1]' a"),
		"a capital":         zones(`["A", "b"]`, "[0]", `"A"`, "letter", "'platform:network.zones[0]' a"),
		"a number":          zones(`["a", 2]`, "[1]", `2`, "letter", "'platform:network.zones[1]' b"),
		"a list in it":      zones(`["a", ["b"]]`, "[1]", `["b"]`, "letter", "'platform:network.zones[1]' b"),
		"nothing in it":     zones(`["a", null]`, "[1]", "nothing", "letter", "'platform:network.zones[1]' b"),
		"the same twice":    zones(`["a", "a"]`, "[1]", `"a"`, "once", "'platform:network.zones[1]' b"),
		"the third as well": zones(`["b", "a", "b"]`, "[2]", `"b"`, "once", "'platform:network.zones[2]' c"),
		"more than all": zones(`["a", "b", "c", "d", "e", "f", "g", "h", "a"]`, "[8]", `"a"`, "once",
			"'platform:network.zones[8]'"),
	}
}

func networkMistakes() map[string]mistake {
	const (
		nat      = "platform:network.nat"
		domain   = "platform:network.domain"
		services = "platform:network.interfaceEndpoints"
	)

	one := func(path, json, at, got, want, mend string) mistake {
		return mistake{map[string]string{path: json}, path + at, got, want, mend}
	}

	return map[string]mistake{
		"unknown NAT":          one(nat, `"double"`, "", `"double"`, "none, single or perZone", "'"+nat+"' single"),
		"number as NAT":        one(nat, `1`, "", `1`, "single", "'"+nat+"' single"),
		"truth as NAT":         one(nat, `true`, "", `true`, "single", "'"+nat+"' single"),
		"empty NAT":            one(nat, `""`, "", `""`, "single", "'"+nat+"' single"),
		"domain of one label":  one(domain, `"msur"`, "", `"msur"`, "domain", "'"+domain+"' msur-vpc.com"),
		"domain with a dash":   one(domain, `"-x.com"`, "", `"-x.com"`, "domain", "'"+domain+"' msur-vpc.com"),
		"number as domain":     one(domain, `5`, "", `5`, "domain", "'"+domain+"' msur-vpc.com"),
		"list as domain":       one(domain, `["x.com"]`, "", `["x.com"]`, "domain", "'"+domain+"' msur-vpc.com"),
		"endpoint of S3":       one(services, `["sts", "s3"]`, "[1]", `"s3"`, "gateway", "'"+services+"[1]'"),
		"endpoint of DynamoDB": one(services, `["dynamodb"]`, "[0]", `"dynamodb"`, "gateway", "'"+services+"[0]'"),
		"endpoint of the same name": one(services, `["ecr.api", "ecr-api"]`, "[1]", `"ecr-api"`, "ecr.api has ecr-api",
			"'"+services+"[1]'"),
		"endpoint twice":     one(services, `["ecr.api", "ecr.api"]`, "[1]", `"ecr.api"`, "once", "'"+services+"[1]'"),
		"malformed endpoint": one(services, `["ECR API"]`, "[0]", `"ECR API"`, "service", "'"+services+"[0]'"),
		"object as endpoint": one(services, `["sts", {}]`, "[1]", `{}`, "service", "'"+services+"[1]'"),
		"text as endpoints":  one(services, `"ecr.api"`, "", `"ecr.api"`, "list", "'"+services+"'"),
	}
}

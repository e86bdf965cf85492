package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeZone   = "aws:route53/zone:Zone"
	typeRecord = "aws:route53/record:Record"
)

func route53Kinds() []behaviour.Kind {
	return []behaviour.Kind{hostedZone(), record()}
}

func hostedZone() behaviour.Kind {
	return behaviour.Kind{
		Type: typeZone, Title: "Route53 Hosted Zone", Service: "Route 53", Global: true,
		Verbs: behaviour.Verbs{
			Create: "CreateHostedZone", Update: "UpdateHostedZoneComment", Delete: "DeleteHostedZone",
		},
		ID:       func(c *behaviour.Call) (string, error) { return "Z" + strings.ToUpper(c.Digits(20)), nil },
		AutoName: &behaviour.AutoName{Property: "name", Limit: 255},
		Defaults: map[string]any{"comment": "Managed by Pulumi", "forceDestroy": false},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "arn:{partition}:route53:::hostedzone/{id}"),
			behaviour.Format("zoneId", "{id}"), tagsAll(),
			{Name: "nameServers", Make: func(c *behaviour.Call) any { return nameServers(c) }},
			{Name: "primaryNameServer", Make: func(c *behaviour.Call) any { return nameServers(c)[0] }},
		},
		ForceNew: []string{"delegationSetId", "name"},
		Sets:     []string{"vpcs"},
		Checks:   []func(*behaviour.Call) error{checkZoneNetworks},
		Force:    "forceDestroy",
		Missing:  missing("NoSuchHostedZone", "No hosted zone found with ID: %s"),
		InUse: func(account.Resource, account.Resource) error {
			return refuse("HostedZoneNotEmpty",
				"The specified hosted zone contains non-required resource record sets and so cannot be deleted.")
		},
	}
}

// nameServers are AWS's fixed ones for private zones, and four of the zone's own
// for public ones.
func nameServers(c *behaviour.Call) []string {
	number := "00"
	if len(c.Texts("vpcs.vpcId")) == 0 {
		number = strings.Map(decimal, c.Resource.ID[1:3])
	}

	return []string{
		"ns-0.awsdns-" + number + ".com", "ns-1024.awsdns-" + number + ".org",
		"ns-1536.awsdns-" + number + ".co.uk", "ns-512.awsdns-" + number + ".net",
	}
}

func decimal(digit rune) rune {
	return '0' + digit%10
}

// checkZoneNetworks wants the VPCs of a private zone, each in its own region.
func checkZoneNetworks(c *behaviour.Call) error {
	associations, _ := c.Resource.Outputs["vpcs"].([]any)
	for _, association := range associations {
		named, _ := association.(map[string]any)
		id, _ := named["vpcId"].(string)

		region, given := named["vpcRegion"].(string)
		if !given {
			region = c.Place.Region
		}

		if _, exists := c.Tx.Get(account.Key{Type: typeVPC, ID: id, Region: region}); !exists {
			return refuse("InvalidVPCId",
				"The VPC: %s in region %s that you provided is not authorized to make the association.", id, region)
		}
	}

	return nil
}

func record() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRecord, Title: "Route53 Record", Service: "Route 53", Global: true,
		Verbs: behaviour.Verbs{
			Create: "ChangeResourceRecordSets", Update: "ChangeResourceRecordSets", Delete: "ChangeResourceRecordSets",
		},
		ID:         recordID,
		Computed:   []behaviour.Output{{Name: "fqdn", Make: func(c *behaviour.Call) any { return domain(c) }}},
		ForceNew:   []string{"name", "zoneId"},
		Sets:       []string{"aliases", "records"},
		References: []behaviour.Reference{{Property: "zoneId", Types: []string{typeZone}}},
		Checks:     []func(*behaviour.Call) error{checkRecord},
		Missing:    missing("InvalidChangeBatch", "[Tried to change resource record set %s but it was not found]"),
	}
}

// recordID is made by the provider: the zone, the name as it was given, the type.
func recordID(c *behaviour.Call) (string, error) {
	parts := []string{c.Text("zoneId"), strings.TrimSuffix(c.Text("name"), "."), c.Text("type")}
	if set := c.Text("setIdentifier"); set != "" {
		parts = append(parts, set)
	}

	return strings.Join(parts, "_"), nil
}

// domain is the record's full name: one outside the zone is taken as relative to it.
func domain(c *behaviour.Call) string {
	zone, _ := c.Get(typeZone, c.Text("zoneId"))
	suffix := strings.TrimSuffix(zone.Text("name"), ".")

	name := strings.TrimSuffix(c.Text("name"), ".")
	switch {
	case name == "":
		return suffix
	case name == suffix, strings.HasSuffix(name, "."+suffix):
		return name
	}

	return name + "." + suffix
}

// checkRecord wants a known type, values or an alias, and a set that is not there yet.
func checkRecord(c *behaviour.Call) error {
	types := []string{
		"A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR", "SOA", "SPF", "SRV", "SSHFP", "SVCB",
		"TLSA", "TXT",
	}
	if !slices.Contains(types, c.Text("type")) {
		return refuse("InvalidInput", "unknown record type %q; known: %s", c.Text("type"), strings.Join(types, ", "))
	}

	if (len(c.Texts("records")) == 0) == (len(c.Texts("aliases.name")) == 0) {
		return refuse("InvalidChangeBatch", "[exactly one of records and aliases must be specified for %s]", domain(c))
	}

	for _, other := range c.Siblings(typeRecord) {
		same := other.Text("zoneId") == c.Text("zoneId") && other.Text("fqdn") == domain(c) &&
			other.Text("type") == c.Text("type") && other.Text("setIdentifier") == c.Text("setIdentifier")
		if same && !c.True("allowOverwrite") {
			return refuse("InvalidChangeBatch",
				"[Tried to create resource record set [name='%s.', type='%s'] but it already exists]",
				domain(c), c.Text("type"))
		}
	}

	return nil
}

package settings

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/internal/config"
)

// ExistingPath is the setting that names an existing VPC.
const ExistingPath = networkPath + ".existing"

const vpcPath = ExistingPath + ".vpc"

// SubnetsPath is the setting with the ids of a tier's subnets in an existing VPC.
func SubnetsPath(tier layout.Tier) string { return ExistingPath + "." + string(tier) + "Subnets" }

// The values in the fixes of missing ids are no ids: the operator must replace them. The examples have the form
// of AWS's ids.
const (
	vpcID, exampleVPC       = "vpc-ID", "vpc-0123456789abcdef0"
	subnetID, exampleSubnet = "subnet-ID", "subnet-0123456789abcdef0"
)

func existingKeys() config.Keys {
	keys := config.Keys{vpcPath: {Expected: "the id of a VPC, such as " + exampleVPC, Example: vpcID}}

	for _, tier := range []layout.Tier{layout.Public, layout.Private, layout.Data} {
		keys[SubnetsPath(tier)] = config.Key{
			Expected: "an object with the id of a subnet for the letter of each zone, at least two",
			Element:  "the id of a subnet, such as " + exampleSubnet,
		}
	}

	return keys
}

// The ids of older resources have 8 digits, those of others 17 (Amazon EC2 User Guide, "Resource IDs").
var (
	vpcForm    = regexp.MustCompile(`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`)
	subnetForm = regexp.MustCompile(`^subnet-([0-9a-f]{8}|[0-9a-f]{17})$`)
)

// withExisting derives the settings that an existing VPC decides.
func (n Network) withExisting() Network {
	if n.Existing != nil {
		n.Zones, n.NAT, n.FlowLogTraffic = n.Existing.Zones(), network.NATNone, ""
	}

	return n
}

// ZonePath is the setting of the zone at an index of Zones.
func (n Network) ZonePath(i int) string {
	if n.Existing != nil {
		return config.Member(SubnetsPath(layout.Private), n.Zones[i])
	}

	return config.Element(zonesPath, i)
}

// checkExisting refuses the settings of a VPC that the program creates, and requires the ids of the existing one.
func (c *checker) checkExisting() {
	for _, path := range []string{cidrPath, zonesPath, natPath, endpointsPath, flowLogPath} {
		if c.Has(path) {
			c.Report(path, "nothing together with "+ExistingPath+": the owner of the VPC decides it", c.Remove(path))
		}
	}

	existing := c.settings.Network.Existing
	if existing == nil {
		return // not an object
	}

	c.Matches(vpcPath, existing.VPC, vpcForm)
	c.checkSubnets(SubnetsPath(layout.Private), existing.PrivateSubnets)

	for tier, subnets := range map[layout.Tier]map[string]string{
		layout.Public: existing.PublicSubnets, layout.Data: existing.DataSubnets,
	} {
		path := SubnetsPath(tier)
		if tier == layout.Data && !c.Has(path) {
			continue // the private subnets
		}

		c.checkSubnets(path, subnets)
		c.checkSameZones(path, c.byLetter(subnets), c.byLetter(existing.PrivateSubnets))
	}
}

// checkSubnets requires different subnets for the letters of at least two zones.
func (c *checker) checkSubnets(path string, subnets map[string]string) {
	if len(subnets) == 0 {
		var fixes []string
		if subnets == nil && c.Has(path) {
			fixes = append(fixes, c.Remove(path)) // it is not an object, so no member of it can be set
		}

		for _, zone := range layout.Letters()[:minZones] {
			fixes = append(fixes, c.Set(config.Member(path, zone), subnetID))
		}

		c.Report(path, c.Expected(path), fixes...)

		return
	}

	var listed []string

	for _, zone := range slices.Sorted(maps.Keys(subnets)) {
		member, id := config.Member(path, zone), subnets[zone]

		switch {
		case layout.CheckZone(zone) != nil:
			c.Report(member, "the letter of a zone, "+layout.FirstZone+" to "+layout.LastZone+", as the key",
				c.moveToLetter(path, zone, subnets)...)
		case !subnetForm.MatchString(id):
			c.Report(member, c.Expected(member), c.Set(member, subnetID))
		case slices.Contains(listed, id):
			c.Report(member, "another subnet in each zone", c.Set(member, subnetID))
		}

		listed = append(listed, id)
	}

	// The path is that of the missing member, so that the problems of the others are reported, too.
	if len(subnets) < minZones {
		unused := slices.DeleteFunc(layout.Letters(), func(letter string) bool { return subnets[letter] != "" })
		member := config.Member(path, unused[0])
		c.Report(member, "the id of a subnet in a second zone, because the environment needs at least two",
			c.Set(member, subnetID))
	}
}

// moveToLetter is the fix of a key that is no letter. The whole name of a zone, such as us-east-1a, keeps its subnet.
func (c *checker) moveToLetter(path, zone string, subnets map[string]string) []string {
	remove := c.Remove(config.Member(path, zone))

	letter := c.letter(zone, subnets)
	if letter == zone || !subnetForm.MatchString(subnets[zone]) {
		return []string{remove}
	}

	return []string{c.Set(config.Member(path, letter), subnets[zone]), remove}
}

// letter returns the letter in the whole name of a zone, unless it has a subnet too, or otherwise the zone.
func (c *checker) letter(zone string, subnets map[string]string) string {
	letter, whole := strings.CutPrefix(zone, c.settings.Region)
	if !whole || layout.CheckZone(letter) != nil || subnets[letter] != "" {
		return zone
	}

	return letter
}

// byLetter returns subnets with the letters that their keys mean.
func (c *checker) byLetter(subnets map[string]string) map[string]string {
	meant := make(map[string]string, len(subnets))
	for zone, id := range subnets {
		meant[c.letter(zone, subnets)] = id
	}

	return meant
}

// checkSameZones requires the zones of the private subnets: each zone has nodes, the load balancer and the stores.
func (c *checker) checkSameZones(path string, subnets, private map[string]string) {
	if len(subnets) < minZones || len(private) < minZones {
		return
	}

	for _, zone := range layout.Letters() {
		member := config.Member(path, zone)

		switch {
		case subnets[zone] == "" && private[zone] != "":
			c.Report(member, "the id of a subnet in this zone, which has a private subnet", c.Set(member, subnetID))
		case subnets[zone] != "" && private[zone] == "":
			c.Report(member, "only zones that have a private subnet", c.Remove(member))
		}
	}
}

package controls

import (
	"io/fs"
	"net/netip"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/state"
)

// disjointRanges is N9.
func disjointRanges(c *check) {
	// The problem names the environment because all environments have a VPC of the same name.
	disjoint := func(one, other state.Resource) {
		c.hold(one, "cidrBlock", !overlap(cidr(one), cidr(other)),
			"the range overlaps "+other.URN.Name()+" of "+string(other.URN.Stack()))
	}

	subnets := c.all(typeSubnet)
	for i, subnet := range subnets {
		for _, other := range subnets[i+1:] {
			disjoint(subnet, other)
		}
	}

	own := blocks(c.State)
	for i, block := range own {
		for _, other := range own[i+1:] {
			disjoint(block, other)
		}

		c.compareSettings(block)
	}

	for _, subnet := range subnets {
		vpc := text(subnet, "vpcId")
		inside := slices.ContainsFunc(own, func(block state.Resource) bool {
			return (string(block.ID) == vpc || text(block, "vpcId") == vpc) && within(cidr(subnet), cidr(block))
		})
		c.hold(subnet, "cidrBlock", inside, "the range is not within "+vpc)
	}
}

// compareSettings compares a range with those in the stack files of other environments. A file without a range is that
// of an environment in another owner's VPC.
func (c *check) compareSettings(block state.Resource) {
	files, _ := fs.Glob(c.Repository, "Pulumi.*.yaml") // the pattern is valid

	for _, file := range files {
		var settings struct {
			Config struct {
				Network struct {
					CIDR string `yaml:"cidr"`
				} `yaml:"platform:network"`
			} `yaml:"config"`
		}

		text, err := fs.ReadFile(c.Repository, file)
		if err == nil {
			err = yaml.Unmarshal(text, &settings)
		}

		at, other := Evidence{File: file, Property: "platform:network.cidr"}, settings.Config.Network.CIDR

		switch own := StackFile(c.Repository, string(block.URN.Stack())); {
		case err != nil:
			c.holdAt(at, false, "cannot be read: "+err.Error())
		case file == own || other == "":
		case overlap(cidr(block), parse(other)):
			c.hold(block, "cidrBlock", false, "the range overlaps platform:network.cidr of "+file)
		default:
			c.holdAt(at, true, "")
		}
	}
}

// blocks returns the resources that give a VPC a range: the VPC itself, and associations of additional ranges.
func blocks(s *state.State) []state.Resource {
	return ofTypes(s, typeVPC, "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation")
}

// cidr returns the range of a resource. An unreadable range is not valid.
func cidr(r state.Resource) netip.Prefix { return parse(text(r, "cidrBlock")) }

func parse(text string) netip.Prefix {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}
	}

	return prefix
}

// overlap reports whether two ranges share addresses, or one of them is not valid.
func overlap(one, other netip.Prefix) bool {
	return !one.IsValid() || !other.IsValid() || one.Overlaps(other)
}

// within reports whether all addresses of the inner range are in the outer range.
func within(inner, outer netip.Prefix) bool {
	return inner.IsValid() && outer.Contains(inner.Addr()) && inner.Bits() >= outer.Bits()
}

// isOpenRange reports whether a range contains addresses that are not private, or is unreadable. Private are RFC 1918,
// RFC 6598 (from which clusters take pod addresses) and RFC 4193.
func isOpenRange(value any) bool {
	written, _ := value.(string)
	private := []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"}

	return !slices.ContainsFunc(private, func(outer string) bool { return within(parse(written), parse(outer)) })
}

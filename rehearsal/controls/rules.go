package controls

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typeGroup        = "aws:ec2/securityGroup:SecurityGroup"
	typeDefaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
)

// The directions of a rule.
const ingress, egress = "ingress", "egress"

// ruleSet is the list of security group rules of one direction in one resource: a security group, or a rule resource.
type ruleSet struct {
	holder    state.Resource
	direction string
	// paths are the prefixes of the rules' properties in the holder, such as "ingress[0]."; "" if the holder is the rule.
	paths []string
}

// property returns the property that evidence names: the list in a group, or the given property of a rule resource.
func (s ruleSet) property(name string) string {
	if slices.Equal(s.paths, []string{""}) {
		return name
	}

	return s.direction
}

// group returns the id of the group that the rules belong to.
func (s ruleSet) group() string {
	return cmp.Or(text(s.holder, "securityGroupId"), string(s.holder.ID))
}

// ruleSets returns the rules of all security groups, whichever type of resource declares them.
func ruleSets(s *state.State) []ruleSet {
	var found []ruleSet

	for _, r := range s.Resources {
		switch string(r.Type) {
		case typeDefaultGroup, typeGroup:
			for _, direction := range []string{ingress, egress} {
				rules := ruleSet{holder: r, direction: direction}
				for _, at := range elements(r, direction) {
					rules.paths = append(rules.paths, at+".")
				}

				found = append(found, rules)
			}
		case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
			found = append(found, ruleSet{r, ingress, []string{""}})
		case "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":
			found = append(found, ruleSet{r, egress, []string{""}})
		case "aws:ec2/securityGroupRule:SecurityGroupRule":
			found = append(found, ruleSet{r, text(r, "type"), []string{""}})
		}
	}

	return found
}

// descriptions is N6.
func descriptions(c *check) {
	for _, rules := range ruleSets(c.State) {
		missing := slices.ContainsFunc(rules.paths, func(at string) bool {
			return strings.TrimSpace(text(rules.holder, at+"description")) == ""
		})
		c.hold(rules.holder, rules.property("description"), !missing, "a rule has no description")
	}
}

// openIngress is N5.
func openIngress(c *check) {
	for _, rules := range ruleSets(c.State) {
		if rules.direction != ingress {
			continue
		}

		open := slices.ContainsFunc(rules.paths, func(at string) bool { return c.opensToInternet(rules.holder, at) })
		c.hold(rules.holder, rules.property("cidr"), !open || c.isEntrance(rules.holder),
			"a rule admits the internet; expected private ranges, or the load balancer's port 80 or 443")
	}

	c.networkACLs()
}

// opensToInternet reports whether the rule at a path admits addresses that are not private.
func (c *check) opensToInternet(r state.Resource, at string) bool {
	values := func(properties ...string) []any {
		var found []any

		for _, property := range properties {
			value := input(r, at+property)
			if elements, ok := value.([]any); ok {
				found = append(found, elements...)
			} else if value != nil {
				found = append(found, value)
			}
		}

		return found
	}

	ranges := values("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")
	lists := values("prefixListId", "prefixListIds")

	return slices.ContainsFunc(ranges, isOpenRange) ||
		slices.ContainsFunc(lists, func(id any) bool { return !c.isPrivateList(id) })
}

// isPrivateList reports whether a prefix list is in the stack and contains only private ranges.
func (c *check) isPrivateList(id any) bool {
	prefixes, ok := byID(c.all("aws:ec2/managedPrefixList:ManagedPrefixList"), id)
	entries := where(c.all("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"), "prefixListId", string(prefixes.ID))

	openElement := slices.ContainsFunc(elements(prefixes, "entries"), func(at string) bool {
		return isOpenRange(text(prefixes, at+".cidr"))
	})
	openEntry := slices.ContainsFunc(entries, func(entry state.Resource) bool { return isOpenRange(text(entry, "cidr")) })

	return ok && !openElement && !openEntry
}

// isEntrance reports whether a rule admits clients to a load balancer, and to nothing else, at a public port.
func (c *check) isEntrance(rule state.Resource) bool {
	from := input(rule, "fromPort")
	holders := c.holdersOf(text(rule, "securityGroupId"))

	return text(rule, "ipProtocol") == "tcp" && is(80.0, 443.0)(from) && input(rule, "toPort") == from &&
		len(holders) > 0 && len(holders) == len(filter(holders, func(r state.Resource) bool {
		return string(r.Type) == typeBalancer
	}))
}

// holdersOf returns the resources that a security group is attached to. A rule that only refers to it is none.
func (c *check) holdersOf(group string) []state.Resource {
	attached := func(property string, value any) bool {
		return is("securityGroups", "securityGroupIds", "vpcSecurityGroupIds")(property) && includes(group)(value)
	}

	return filter(c.State.Resources, func(r state.Resource) bool {
		return string(r.Type) != typeGroup && string(r.Type) != typeDefaultGroup && contains(r.Inputs, attached)
	})
}

// networkACLs is the part of N5 that is about network ACLs: they must not admit remote logins from the internet
// (EC2.21). Other ports may be open: answers from the internet to a subnet arrive at any port above 1023.
func (c *check) networkACLs() {
	const problem = "the network ACL admits remote logins from the internet"

	for _, acl := range c.all("aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl") {
		open := slices.ContainsFunc(elements(acl, ingress), func(at string) bool {
			return strings.EqualFold(text(acl, at+".action"), "allow") && coversLogin(acl, at+".")
		})
		c.hold(acl, ingress, !open, problem)
	}

	for _, rule := range c.all("aws:ec2/networkAclRule:NetworkAclRule") {
		open := input(rule, egress) != true && strings.EqualFold(text(rule, "ruleAction"), "allow") && coversLogin(rule, "")
		c.hold(rule, "cidrBlock", !open, problem)
	}
}

// coversLogin reports whether the rule of a network ACL at a path applies to SSH or Remote Desktop from the internet.
func coversLogin(r state.Resource, at string) bool {
	open := slices.ContainsFunc([]string{"cidrBlock", "ipv6CidrBlock"}, func(property string) bool {
		value := input(r, at+property)

		return !blank(value) && isOpenRange(value)
	})

	switch fmt.Sprint(input(r, at+"protocol")) { // a name or a number
	case "-1", "all":
		return open
	case "6", "tcp":
		from, _ := input(r, at+"fromPort").(float64)
		to, _ := input(r, at+"toPort").(float64)

		return open && (from <= 22 && 22 <= to || from <= 3389 && 3389 <= to)
	default:
		return false
	}
}

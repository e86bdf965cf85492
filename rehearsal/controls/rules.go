package controls

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// ingress and egress are the directions of a rule.
const ingress, egress = "ingress", "egress"

func directions() []string { return []string{ingress, egress} }

// typeGroup is that of security groups.
const typeGroup = "aws:ec2/securityGroup:SecurityGroup"

// ruleSet is the rules of one direction that a resource holds: a security group holds many or none, a rule itself
// is the only one of its own.
type ruleSet struct {
	holder    state.Resource
	direction string
	// at are where in the holder the rules are, such as "ingress[0]."; empty where the holder is the rule.
	at []string
}

// property is where evidence points: the direction of a group, or the whole rule.
func (s ruleSet) property(of string) string {
	if len(s.at) == 1 && s.at[0] == "" {
		return of
	}

	return s.direction
}

// ruleSets returns the rules of every security group, whichever resource they are written in.
func ruleSets(s *state.State) []ruleSet {
	var found []ruleSet

	for _, r := range s.Resources {
		switch string(r.Type) {
		case typeDefaultGroup, typeGroup:
			for _, direction := range directions() {
				set := ruleSet{holder: r, direction: direction}
				for i := range list(r, direction) {
					set.at = append(set.at, fmt.Sprintf("%s[%d].", direction, i))
				}

				found = append(found, set)
			}
		case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
			found = append(found, ruleSet{holder: r, direction: ingress, at: []string{""}})
		case "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":
			found = append(found, ruleSet{holder: r, direction: egress, at: []string{""}})
		case "aws:ec2/securityGroupRule:SecurityGroupRule":
			found = append(found, ruleSet{holder: r, direction: text(r, "type"), at: []string{""}})
		}
	}

	return found
}

// groupOf is the id of the group that a set of rules belongs to.
func groupOf(set ruleSet) string {
	return cmp.Or(text(set.holder, "securityGroupId"), string(set.holder.ID))
}

// noOpenIngress is N5.
func noOpenIngress(environment Environment, v *verdict) {
	for _, set := range ruleSets(environment.State) {
		if set.direction != ingress {
			continue
		}

		open := slices.ContainsFunc(set.at, func(at string) bool {
			return opensToAnyone(environment.State, set.holder, at)
		})
		v.hold(set.holder, set.property("cidr"), !open || isEntrance(environment.State, set.holder), "it lets anyone in")
	}

	v.holdNetworkACLs(environment.State)
}

// opensToAnyone reports whether the rule at a place in a resource names addresses that are not private.
func opensToAnyone(s *state.State, r state.Resource, at string) bool {
	values := func(properties ...string) []any {
		var found []any

		for _, property := range properties {
			switch value := input(r, at+property).(type) {
			case nil:
			case []any:
				found = append(found, value...)
			default:
				found = append(found, value)
			}
		}

		return found
	}

	ranges := values("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")
	lists := values("prefixListId", "prefixListIds")

	return slices.ContainsFunc(ranges, func(one any) bool { return !isPrivateRange(one) }) ||
		slices.ContainsFunc(lists, func(id any) bool { return !isPrivateList(s, id) })
}

// isPrivateList reports whether no address in a prefix list is on the internet. Of one that is not ours, some may be.
func isPrivateList(s *state.State, id any) bool {
	prefixes, ours := byID(of(s, "aws:ec2/managedPrefixList:ManagedPrefixList"), id)
	open := slices.ContainsFunc(list(prefixes, "entries"), func(entry any) bool {
		fields, _ := entry.(map[string]any)

		return !isPrivateRange(fields["cidr"])
	})
	added := refersTo(of(s, "aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry"), "prefixListId", prefixes)

	return ours && !open && !slices.ContainsFunc(added, func(entry state.Resource) bool {
		return !isPrivateRange(input(entry, "cidr"))
	})
}

// describedRules is N6.
func describedRules(environment Environment, v *verdict) {
	for _, set := range ruleSets(environment.State) {
		mute := slices.ContainsFunc(set.at, func(at string) bool {
			return strings.TrimSpace(text(set.holder, at+"description")) == ""
		})
		v.hold(set.holder, set.property("description"), !mute, "nothing says what a rule is for")
	}
}

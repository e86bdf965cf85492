package controls

import (
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

// holdNetworkACLs holds the network ACLs of the state to let nobody on the internet log in (EC2.21). For the rest they
// may be open: what a subnet asks of the internet is answered at any port above.
func (v *verdict) holdNetworkACLs(s *state.State) {
	const reason = "it lets anyone log in"

	for _, resourceType := range []string{
		"aws:ec2/networkAcl:NetworkAcl", "aws:ec2/defaultNetworkAcl:DefaultNetworkAcl",
	} {
		for _, acl := range of(s, resourceType) {
			open := slices.ContainsFunc(list(acl, ingress), func(rule any) bool {
				fields, _ := rule.(map[string]any)

				return letsLogIn(fields, "action")
			})
			v.hold(acl, ingress, !open, reason)
		}
	}

	for _, rule := range of(s, "aws:ec2/networkAclRule:NetworkAclRule") {
		outward, _ := input(rule, egress).(bool)
		v.hold(rule, "cidrBlock", outward || !letsLogIn(rule.Inputs, "ruleAction"), reason)
	}
}

// letsLogIn reports whether a rule of a network ACL lets anybody in at SSH's port, or Remote Desktop's. What it does is
// called by one name where it is in the ACL, and by another where it is by itself.
func letsLogIn(rule map[string]any, action string) bool {
	if !strings.EqualFold(fmt.Sprint(rule[action]), "allow") {
		return false
	}

	open := slices.ContainsFunc([]string{"cidrBlock", "ipv6CidrBlock"}, func(property string) bool {
		return !blank(rule[property]) && !isPrivateRange(rule[property])
	})

	return open && slices.ContainsFunc([]float64{22, 3389}, func(port float64) bool { return isAbout(rule, port) })
}

// isAbout reports whether a rule of a network ACL is about a port of TCP. Protocols are names or numbers.
func isAbout(rule map[string]any, port float64) bool {
	from, _ := rule["fromPort"].(float64)
	to, _ := rule["toPort"].(float64)

	switch fmt.Sprint(rule["protocol"]) {
	case "-1", "all":
		return true
	case "6", "tcp":
		return from <= port && port <= to
	default:
		return false
	}
}

package controls_test

import (
	"testing"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	prefixes    = "aws:ec2/managedPrefixList:ManagedPrefixList"
	networkACL  = "aws:ec2/networkAcl:NetworkAcl"
	networkRule = "aws:ec2/networkAclRule:NetworkAclRule"
)

// prefixList adds a prefix list, and a rule that admits it.
func prefixList(cidrs ...string) mutation {
	entries := []any{}
	for _, cidr := range cidrs {
		entries = append(entries, object{"cidr": cidr})
	}

	return func(environment *controls.Environment) {
		add(prefixes, "offices", object{"entries": entries})(environment)
		environment.State.Resources[len(environment.State.Resources)-1].ID = "pl-offices"
		add(ingressRule, "listed", object{"prefixListId": "pl-offices"})(environment)
	}
}

func TestN5ChecksPrefixLists(t *testing.T) {
	t.Parallel()

	rules := []any{object{"prefixListIds": []any{"pl-other"}}}

	fails(t, "N5", "listed", add(ingressRule, "listed", object{"prefixListId": "pl-other"}))
	fails(t, "N5", "listed", add("aws:ec2/securityGroup:SecurityGroup", "listed", object{"ingress": rules}))
	fails(t, "N5", "listed", prefixList("10.0.0.0/8", "0.0.0.0/0"))
	fails(t, "N5", "listed", all(
		prefixList("10.0.0.0/8"),
		add("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", "more",
			object{"prefixListId": "pl-offices", "cidr": "203.0.113.0/24"})))

	passesWith(t, "N5", "private prefix list", prefixList("10.0.0.0/8", "192.168.0.0/16"))
}

func TestN5ChecksNetworkACLs(t *testing.T) {
	t.Parallel()

	rule := func(protocol, cidr string, from, to float64) object {
		return object{"action": "allow", "protocol": protocol, "cidrBlock": cidr, "fromPort": from, "toPort": to}
	}
	ruleResource := func(egress bool) mutation {
		return add(networkRule, "open", object{
			"ruleAction": "allow", "protocol": "tcp", "ipv6CidrBlock": "::/0", "fromPort": 0.0, "toPort": 65535.0,
			"egress": egress,
		})
	}

	fails(t, "N5", "open", ruleResource(false))

	for _, open := range []object{
		rule("-1", "0.0.0.0/0", 0, 0), rule("tcp", "0.0.0.0/0", 22, 22), rule("6", "0.0.0.0/1", 1024, 65535),
	} {
		fails(t, "N5", "open", add(networkACL, "open", object{"ingress": []any{open}}))
		fails(t, "N5", "open", add("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "open", object{"ingress": []any{open}}))
	}

	denied := rule("-1", "0.0.0.0/0", 0, 0)
	denied["action"] = "deny"

	allowed := map[string]mutation{
		"egress from anywhere": ruleResource(true),
		"ingress that admits no login": add(networkACL, "closed", object{"ingress": []any{
			denied, rule("-1", "10.0.0.0/8", 0, 0), rule("tcp", "0.0.0.0/0", 443, 443), rule("udp", "0.0.0.0/0", 0, 65535),
		}}),
	}
	for description, mutate := range allowed {
		passesWith(t, "N5", description, mutate)
	}
}

package controls_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	prefixes    = "aws:ec2/managedPrefixList:ManagedPrefixList"
	networkACL  = "aws:ec2/networkAcl:NetworkAcl"
	networkRule = "aws:ec2/networkAclRule:NetworkAclRule"
)

// entries has a prefix list in the state, and a rule that lets it in.
func entries(cidrs ...string) func(*controls.Environment) {
	written := []any{}
	for _, cidr := range cidrs {
		written = append(written, object{"cidr": cidr})
	}

	return func(environment *controls.Environment) {
		add(prefixes, "offices", object{"entries": written})(environment)
		environment.State.Resources[len(environment.State.Resources)-1].ID = "pl-offices"
		add(ingressRule, "listed", object{"prefixListId": "pl-offices"})(environment)
	}
}

func TestN5LooksIntoPrefixLists(t *testing.T) {
	t.Parallel()

	rules := []any{object{"prefixListIds": []any{"pl-other"}}}

	breaks(t, "N5", "listed", add(ingressRule, "listed", object{"prefixListId": "pl-other"}))
	breaks(t, "N5", "listed", add("aws:ec2/securityGroup:SecurityGroup", "listed", object{"ingress": rules}))
	breaks(t, "N5", "listed", entries("10.0.0.0/8", "0.0.0.0/0"))
	breaks(t, "N5", "listed", func(environment *controls.Environment) {
		entries("10.0.0.0/8")(environment)
		add("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", "more",
			object{"prefixListId": "pl-offices", "cidr": "203.0.113.0/24"})(environment)
	})

	environment := golden(t, "staging")
	entries("10.0.0.0/8", "192.168.0.0/16")(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "N5").Result)
}

func TestN5LooksIntoNetworkACLs(t *testing.T) {
	t.Parallel()

	rule := func(protocol, cidr string, from, to float64) object {
		return object{"action": "allow", "protocol": protocol, "cidrBlock": cidr, "fromPort": from, "toPort": to}
	}
	alone := func(egress bool) func(*controls.Environment) {
		return add(networkRule, "open", object{
			"ruleAction": "allow", "protocol": "tcp", "ipv6CidrBlock": "::/0", "fromPort": 0.0, "toPort": 65535.0,
			"egress": egress,
		})
	}

	breaks(t, "N5", "open", alone(false))

	for _, open := range []object{
		rule("-1", "0.0.0.0/0", 0, 0), rule("tcp", "0.0.0.0/0", 22, 22), rule("6", "0.0.0.0/1", 1024, 65535),
	} {
		breaks(t, "N5", "open", add(networkACL, "open", object{"ingress": []any{open}}))
		breaks(t, "N5", "open", add("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "open", object{"ingress": []any{open}}))
	}

	denied := rule("-1", "0.0.0.0/0", 0, 0)
	denied["action"] = "deny"

	passes := map[string]func(*controls.Environment){
		"out": alone(true),
		"in": add(networkACL, "closed", object{"ingress": []any{
			denied, rule("-1", "10.0.0.0/8", 0, 0), rule("tcp", "0.0.0.0/0", 443, 443), rule("udp", "0.0.0.0/0", 0, 65535),
		}}),
	}
	for what, mutate := range passes {
		environment := golden(t, "staging")
		mutate(&environment)
		assert.Equal(t, controls.Pass, finding(t, environment, "N5").Result, what)
	}
}

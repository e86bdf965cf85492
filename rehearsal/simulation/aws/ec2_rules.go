package aws

import (
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeIngressRule       = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	typeEgressRule        = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	typeSecurityGroupRule = "aws:ec2/securityGroupRule:SecurityGroupRule"
)

func ingressRule() behaviour.Kind {
	return rule(typeIngressRule, "VPC Security Group Ingress Rule", "Ingress")
}

func egressRule() behaviour.Kind {
	return rule(typeEgressRule, "VPC Security Group Egress Rule", "Egress")
}

// rule is a rule of a group, which goes with the group it is in and keeps the
// group it names.
func rule(token, title, direction string) behaviour.Kind {
	return behaviour.Kind{
		Type: token, Title: title, Service: "EC2",
		Verbs: behaviour.Verbs{
			Create: "AuthorizeSecurityGroup" + direction, Update: "ModifySecurityGroupRules",
			Delete: "RevokeSecurityGroup" + direction,
		},
		ID: behaviour.Hex("sgr-"),
		Computed: []behaviour.Output{
			ec2ARN("security-group-rule"), tagsAll(), behaviour.Format("securityGroupRuleId", "{id}"),
		},
		ForceNew: []string{"securityGroupId"},
		References: []behaviour.Reference{
			{Property: "securityGroupId", Types: groupTypes(), OnDelete: behaviour.Cascade},
			{Property: "referencedSecurityGroupId", Types: groupTypes()},
		},
		Checks:  []func(*behaviour.Call) error{checkRule, checkNoSuchRule},
		Missing: missing("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '%s' does not exist"),
	}
}

// checkRule wants one source or destination.
func checkRule(c *behaviour.Call) error {
	peers := []string{"cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"}
	if given(c, peers) != 1 {
		return refuse("InvalidParameterCombination", "exactly one of %s must be specified", strings.Join(peers, ", "))
	}

	return nil
}

func securityGroupRule() behaviour.Kind {
	forced := []string{
		"cidrBlocks", "fromPort", "ipv6CidrBlocks", "prefixListIds", "protocol", "securityGroupId", "self",
		"sourceSecurityGroupId", "toPort", "type",
	}

	return behaviour.Kind{
		Type: typeSecurityGroupRule, Title: "Security Group Rule", Service: "EC2",
		Verbs: behaviour.Verbs{
			Create: "AuthorizeSecurityGroupIngress", Update: "UpdateSecurityGroupRuleDescriptionsIngress",
			Delete: "RevokeSecurityGroupIngress",
		},
		ID:       legacyRuleID,
		Defaults: map[string]any{"self": false},
		Computed: []behaviour.Output{
			behaviour.Fresh("securityGroupRuleId", "sgr-"), behaviour.Constant("sourceSecurityGroupId", ""),
		},
		ForceNew: forced,
		References: []behaviour.Reference{
			{Property: "securityGroupId", Types: groupTypes(), OnDelete: behaviour.Cascade},
			{Property: "sourceSecurityGroupId", Types: groupTypes()},
		},
		Checks:  []func(*behaviour.Call) error{checkNoSuchRule},
		Missing: missing("InvalidPermission.NotFound", "The specified rule %s does not exist in this security group."),
	}
}

// checkNoSuchRule refuses a rule that the group has already.
func checkNoSuchRule(c *behaviour.Call) error {
	for _, other := range c.Siblings(c.Kind.Type) {
		if ruleText(other) == ruleText(c.Resource) {
			return refuse("InvalidPermission.Duplicate", "the specified rule %q already exists", ruleText(other))
		}
	}

	return nil
}

// legacyRuleID is made by the provider and not by AWS, of what the rule says.
func legacyRuleID(c *behaviour.Call) (string, error) {
	return fmt.Sprintf("sgrule-%d", crc32.ChecksumIEEE([]byte(ruleText(c.Resource)))), nil
}

// ruleText is everything that makes two rules the same.
func ruleText(resource account.Resource) string {
	var parts []string

	for _, name := range []string{
		"securityGroupId", "type", "ipProtocol", "protocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "prefixListId",
		"referencedSecurityGroupId", "cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "sourceSecurityGroupId", "self",
	} {
		if value := resource.Outputs[name]; value != nil && value != "" {
			parts = append(parts, fmt.Sprint(value))
		}
	}

	return strings.Join(parts, ", ")
}

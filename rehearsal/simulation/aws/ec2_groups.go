package aws

import (
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
)

const (
	typeSecurityGroup        = "aws:ec2/securityGroup:SecurityGroup"
	typeDefaultSecurityGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	typeIngressRule          = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	typeEgressRule           = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	typeSecurityGroupRule    = "aws:ec2/securityGroupRule:SecurityGroupRule"
)

func securityGroupRules() map[string]rules {
	return map[string]rules{
		typeDefaultSecurityGroup: {
			id: func(c *call) string { return get(c, typeVPC, "vpcId").Text("defaultSecurityGroupId") },
		},
		typeIngressRule: {checks: []check{checkDuplicateRule}},
		typeEgressRule:  {checks: []check{checkDuplicateRule}},
		typeSecurityGroupRule: {
			// The provider makes the id from the rule's own properties.
			id: func(c *call) string {
				return fmt.Sprintf("sgrule-%d", crc32.ChecksumIEEE([]byte(describeRule(c.Resource))))
			},
			checks: []check{checkDuplicateRule},
		},
	}
}

// groupTypes are the types that the id of a security group can belong to.
func groupTypes() []string {
	return []string{typeSecurityGroup, typeDefaultSecurityGroup}
}

// ownMembers and allTraffic are the rules of security groups that AWS creates.
func ownMembers() []any {
	return []any{map[string]any{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": true}}
}

func allTraffic() []any {
	return []any{map[string]any{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": []any{"0.0.0.0/0"}}}
}

// defaultGroups are the security groups of an interface that names none: its VPC's own.
func defaultGroups(c *call, vpcID string) any {
	network, _ := c.Get(typeVPC, vpcID)

	return []any{network.Text("defaultSecurityGroupId")}
}

// checkDuplicateRule refuses a rule that the group has already.
func checkDuplicateRule(c *call) error {
	for _, other := range c.Siblings(c.Kind.Type) {
		if rule := describeRule(other); rule == describeRule(c.Resource) {
			return refuse("InvalidPermission.Duplicate", "the specified rule %q already exists", rule)
		}
	}

	return nil
}

// describeRule joins all that makes two rules the same.
func describeRule(resource account.Resource) string {
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

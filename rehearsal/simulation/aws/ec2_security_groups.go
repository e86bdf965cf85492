package aws

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeSecurityGroup        = "aws:ec2/securityGroup:SecurityGroup"
	typeDefaultSecurityGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
)

// groupTypes are what the id of a security group can belong to.
func groupTypes() []string {
	return []string{typeSecurityGroup, typeDefaultSecurityGroup}
}

// groupSets are the lists of a group's inline rules; their order means nothing.
func groupSets() []string {
	var sets []string

	for _, direction := range []string{"ingress", "egress"} {
		sets = append(sets, direction)

		for _, list := range []string{"cidrBlocks", "ipv6CidrBlocks", "prefixListIds", "securityGroups"} {
			sets = append(sets, direction+"."+list)
		}
	}

	return sets
}

func groupReferences(onVPC behaviour.OnDelete) []behaviour.Reference {
	return []behaviour.Reference{
		{Property: "vpcId", Types: []string{typeVPC}, OnDelete: onVPC},
		{Property: "ingress.securityGroups", Types: groupTypes()},
		{Property: "egress.securityGroups", Types: groupTypes()},
	}
}

func securityGroupKinds() []behaviour.Kind {
	return []behaviour.Kind{securityGroup(), defaultSecurityGroup(), ingressRule(), egressRule(), securityGroupRule()}
}

func securityGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeSecurityGroup, Title: "Security Group", Service: "EC2",
		Verbs: behaviour.Verbs{
			Create: "CreateSecurityGroup", Update: "AuthorizeSecurityGroupIngress", Delete: "DeleteSecurityGroup",
		},
		ID:       behaviour.Hex("sg-"),
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 255},
		Defaults: map[string]any{"description": "Managed by Pulumi", "revokeRulesOnDelete": false},
		Computed: []behaviour.Output{
			ec2ARN("security-group"), owner(), tagsAll(), suffixed("name", "namePrefix"),
			behaviour.Constant("ingress", []any{}), behaviour.Constant("egress", []any{}),
		},
		ForceNew:   []string{"description", "name", "namePrefix", "vpcId"},
		Sets:       groupSets(),
		References: groupReferences(behaviour.Block),
		Unique: []behaviour.Unique{{
			Properties: []string{"vpcId", "name"},
			Taken: func(_ *behaviour.Call, other account.Resource) error {
				return refuse("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'",
					other.Text("name"), other.Text("vpcId"))
			},
		}},
		Checks:  []func(*behaviour.Call) error{checkGroup},
		Missing: missing("InvalidGroup.NotFound", "The security group '%s' does not exist"),
		InUse:   inUse("DependencyViolation", "resource %s has a dependent object"),
	}
}

// checkGroup wants a VPC: the account is a new one, without a default VPC.
func checkGroup(c *behaviour.Call) error {
	if c.Text("vpcId") == "" {
		return refuse("VPCIdNotSpecified", "No default VPC for this user")
	}

	if c.Text("name") == "default" {
		return refuse("InvalidParameterValue", "Cannot use reserved security group name: default")
	}

	return nil
}

// suffixed is a name that the provider makes of a prefix, as Terraform does.
func suffixed(name, prefix string) behaviour.Output {
	return behaviour.Output{Name: name, Make: func(c *behaviour.Call) any {
		return c.Text(prefix) + c.Digits(26)
	}}
}

// defaultSecurityGroup takes over the group that came with the VPC, strips it of
// all rules that the program does not give, and on delete just leaves it alone.
func defaultSecurityGroup() behaviour.Kind {
	return behaviour.Kind{
		Type: typeDefaultSecurityGroup, Title: "EC2 Default Security Group", Service: "EC2",
		Verbs: behaviour.Verbs{
			Create: "DescribeSecurityGroups", Update: "AuthorizeSecurityGroupIngress", Delete: "DeleteSecurityGroup",
		},
		ID:       idOfDefaultGroup,
		Adopts:   true,
		Defaults: map[string]any{"ingress": []any{}, "egress": []any{}, "revokeRulesOnDelete": false},
		Computed: []behaviour.Output{
			ec2ARN("security-group"), owner(), tagsAll(),
			behaviour.Constant("vpcId", ""),
			behaviour.Constant("name", "default"),
			behaviour.Constant("namePrefix", ""),
			behaviour.Constant("description", "default VPC security group"),
		},
		ForceNew:   []string{"vpcId"},
		Sets:       groupSets(),
		References: groupReferences(behaviour.Ignore),
		Missing:    missing("InvalidGroup.NotFound", "The security group '%s' does not exist"),
		InUse:      inUse("DependencyViolation", "resource %s has a dependent object"),
	}
}

func idOfDefaultGroup(c *behaviour.Call) (string, error) {
	network, exists := c.Get(typeVPC, c.Text("vpcId"))
	if !exists {
		return "", refuse("VPCIdNotSpecified", "No default VPC for this user")
	}

	return network.Text("defaultSecurityGroupId"), nil
}

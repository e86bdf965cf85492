package aws

import (
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeInstance = "aws:ec2/instance:Instance"

// ec2Instance keeps its subnet and its security groups, whoever launched it.
func ec2Instance() behaviour.Kind {
	return behaviour.Kind{
		Type: typeInstance, Title: "EC2 Instance", Service: "EC2",
		Verbs: behaviour.Verbs{Create: "RunInstances", Update: "ModifyInstanceAttribute", Delete: "TerminateInstances"},
		ID:    behaviour.Hex("i-"),
		Defaults: map[string]any{
			"getPasswordData": false, "sourceDestCheck": true, "userDataReplaceOnChange": false,
		},
		Computed: []behaviour.Output{
			ec2ARN("instance"), tagsAll(),
			{Name: "availabilityZone", Make: func(c *behaviour.Call) any { return subnetOf(c).Text("availabilityZone") }},
			{Name: "privateIp", Make: func(c *behaviour.Call) any { return freeAddress(c, subnetOf(c)) }},
			behaviour.Fresh("primaryNetworkInterfaceId", "eni-"),
			behaviour.Constant("instanceState", "running"), behaviour.Constant("tenancy", "default"),
			{Name: "vpcSecurityGroupIds", Make: func(c *behaviour.Call) any {
				return defaultGroups(c, subnetOf(c).Text("vpcId"))
			}},
		},
		ForceNew: []string{"ami", "availabilityZone", "keyName", "privateIp", "subnetId"},
		Sets:     []string{"securityGroups", "vpcSecurityGroupIds"},
		References: []behaviour.Reference{
			{Property: "subnetId", Types: []string{typeSubnet}},
			{Property: "vpcSecurityGroupIds", Types: groupTypes()},
		},
		Checks:  []func(*behaviour.Call) error{checkInstance},
		Missing: missing("InvalidInstanceID.NotFound", "The instance ID '%s' does not exist"),
	}
}

// checkInstance wants a subnet: the account is a new one, without a default VPC.
func checkInstance(c *behaviour.Call) error {
	if c.Text("subnetId") == "" {
		return refuse("VPCIdNotSpecified", "No default VPC for this user")
	}

	return nil
}

// defaultGroups are what carries them that names no groups: the VPC's own.
func defaultGroups(c *behaviour.Call, id string) []any {
	network, _ := c.Get(typeVPC, id)

	return []any{network.Text("defaultSecurityGroupId")}
}

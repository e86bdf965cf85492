package aws

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeLaunchTemplate = "aws:ec2/launchTemplate:LaunchTemplate"

func instanceKinds() []behaviour.Kind {
	return []behaviour.Kind{launchTemplate(), ec2Instance()}
}

// launchTemplate counts its versions and keeps the contents of the last one only.
func launchTemplate() behaviour.Kind {
	return behaviour.Kind{
		Type: typeLaunchTemplate, Title: "EC2 Launch Template", Service: "EC2",
		Verbs: behaviour.Verbs{
			Create: "CreateLaunchTemplate", Update: "CreateLaunchTemplateVersion", Delete: "DeleteLaunchTemplate",
		},
		ID:       behaviour.Hex("lt-"),
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 128},
		Computed: []behaviour.Output{
			ec2ARN("launch-template"), tagsAll(), suffixed("name", "namePrefix"),
			{Name: "latestVersion", Make: nextVersion, Volatile: true},
			{Name: "defaultVersion", Make: defaultVersion, Volatile: true},
		},
		ForceNew: []string{"name", "namePrefix"},
		Sets:     []string{"networkInterfaces.securityGroups", "securityGroupNames", "vpcSecurityGroupIds"},
		References: []behaviour.Reference{
			{Property: "vpcSecurityGroupIds", Types: groupTypes(), OnDelete: behaviour.Ignore},
			{Property: "networkInterfaces.securityGroups", Types: groupTypes(), OnDelete: behaviour.Ignore},
		},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken: func(*behaviour.Call, account.Resource) error {
				return refuse("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.")
			},
		}},
		Missing: missing("InvalidLaunchTemplateId.NotFound",
			"The specified launch template, with template ID %s, does not exist."),
	}
}

// nextVersion counts the updates: each makes a version.
func nextVersion(c *behaviour.Call) any {
	before, _ := c.Tx.Get(c.Resource.Key)
	last, _ := before.Outputs["latestVersion"].(float64)

	return last + 1
}

// defaultVersion stays at the first version, unless the program moves it along.
func defaultVersion(c *behaviour.Call) any {
	if c.True("updateDefaultVersion") {
		return c.Resource.Outputs["latestVersion"]
	}

	before, exists := c.Tx.Get(c.Resource.Key)
	if !exists {
		return 1.0
	}

	return before.Outputs["defaultVersion"]
}

package aws

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeAddon = "aws:eks/addon:Addon"

func eksAddonKinds() []behaviour.Kind {
	return []behaviour.Kind{addon()}
}

func addon() behaviour.Kind {
	return behaviour.Kind{
		Type: typeAddon, Title: "EKS Add-On", Service: "EKS",
		Verbs: behaviour.Verbs{Create: "CreateAddon", Update: "UpdateAddon", Delete: "DeleteAddon"},
		ID: func(c *behaviour.Call) (string, error) {
			return c.Text("clusterName") + ":" + c.Text("addonName"), nil
		},
		Computed: []behaviour.Output{
			{Name: "arn", Make: addonARN},
			tagsAll(),
			{Name: "addonVersion", Make: defaultAddonVersion},
			behaviour.Constant("configurationValues", ""),
			{Name: "createdAt", Make: now},
			{Name: "modifiedAt", Make: now, Volatile: true},
		},
		ForceNew: []string{"addonName", "clusterName"},
		Sets:     []string{"podIdentityAssociations"},
		References: []behaviour.Reference{
			inCluster(behaviour.Cascade), podRole("serviceAccountRoleArn"), podRole("podIdentityAssociations.roleArn"),
		},
		Unique: []behaviour.Unique{{
			Properties: []string{"clusterName", "addonName"},
			Taken: func(*behaviour.Call, account.Resource) error {
				return refuseWith(409, "ResourceInUseException", "Addon already exists.")
			},
		}},
		Checks: []func(*behaviour.Call) error{
			checkOffered, checkValues, checkPodTrust("podIdentityAssociations.roleArn"), checkAddonIdentities,
			checkConflicts, checkReplicas,
		},
		Created: bindAddon, Updated: bindAddon,
		Missing: notFound("No addon: %s found."),
	}
}

func addonARN(c *behaviour.Call) any {
	return c.Fill("arn:{partition}:eks:{region}:{account}:addon/{clusterName}/{addonName}/") +
		behaviour.UUID(c.Digits(32))
}

func defaultAddonVersion(c *behaviour.Call) any {
	version, _ := releaseOf(c.Text("addonName"), clusterOf(c).Text("version"), false)

	return version
}

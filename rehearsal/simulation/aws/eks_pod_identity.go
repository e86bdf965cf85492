package aws

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const (
	typePodIdentity   = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
	podIdentityFormat = "arn:{partition}:eks:{region}:{account}:podidentityassociation/{clusterName}/{id}"
)

// podIdentityAssociation gives the pods of a service account a role.
func podIdentityAssociation() behaviour.Kind {
	return behaviour.Kind{
		Type: typePodIdentity, Title: "EKS Pod Identity Association", Service: "EKS",
		Verbs: behaviour.Verbs{
			Create: "CreatePodIdentityAssociation", Update: "UpdatePodIdentityAssociation",
			Delete: "DeletePodIdentityAssociation",
		},
		ID: behaviour.Hex("a-"),
		Computed: []behaviour.Output{
			behaviour.Format("associationId", "{id}"), behaviour.Format("associationArn", podIdentityFormat), tagsAll(),
		},
		ForceNew:   []string{"clusterName", "namespace", "serviceAccount"},
		References: []behaviour.Reference{inCluster(behaviour.Cascade), podRole("roleArn")},
		Unique: []behaviour.Unique{{
			Properties: []string{"clusterName", "namespace", "serviceAccount"},
			Taken:      func(_ *behaviour.Call, other account.Resource) error { return associated(other) },
		}},
		Checks:  []func(*behaviour.Call) error{checkPodTrust("roleArn")},
		Missing: notFound("Association %s not found"),
	}
}

func podRole(property string) behaviour.Reference {
	return roleReference(property, func(string) error {
		return refuse("InvalidParameterException", "Role provided in the request does not exist.")
	})
}

func associated(other account.Resource) error {
	return refuseWith(409, "ResourceInUseException", "Association already exists: %s", other.ID)
}

// checkPodTrust wants roles that the agent can hand out.
func checkPodTrust(property string) func(*behaviour.Call) error {
	return func(c *behaviour.Call) error {
		for _, arn := range c.Texts(property) {
			if !trusts(roleOf(c, arn), "pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession") {
				return refuse("InvalidParameterException", "Trust policy of role %s is not valid for EKS Pod Identity: "+
					"it must let pods.eks.amazonaws.com do sts:AssumeRole and sts:TagSession", arn)
			}
		}

		return nil
	}
}

// checkAddonIdentities refuses what the account's own associations would collide with.
func checkAddonIdentities(c *behaviour.Call) error {
	for _, account := range c.Texts("podIdentityAssociations.serviceAccount") {
		for _, other := range c.Siblings(typePodIdentity) {
			if other.Text("serviceAccount") == account && inSystem(c, other) && !other.PartOf(c.Resource) {
				return associated(other)
			}
		}
	}

	return nil
}

func inSystem(c *behaviour.Call, association account.Resource) bool {
	return association.Text("clusterName") == c.Text("clusterName") && association.Text("namespace") == systemNamespace
}

const systemNamespace = "kube-system"

// bindAddon makes the associations that an add-on asks for, in place of those it had.
func bindAddon(c *behaviour.Call) error {
	for _, old := range c.Siblings(typePodIdentity) {
		if old.PartOf(c.Resource) {
			c.Tx.Delete(old.Key)
		}
	}

	for _, wanted := range property.At(c.Resource.Outputs, "podIdentityAssociations") {
		said, _ := wanted.(map[string]any)
		association := map[string]any{
			"clusterName": c.Text("clusterName"), "namespace": systemNamespace,
			"serviceAccount": said["serviceAccount"], "roleArn": said["roleArn"],
		}
		c.Own(podIdentityAssociation(), "a-"+c.Digits(17), association, association)
	}

	return nil
}

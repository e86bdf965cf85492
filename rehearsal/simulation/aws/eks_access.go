package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeAccessEntry         = "aws:eks/accessEntry:AccessEntry"
	typeAccessPolicy        = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
	entryFormat             = "arn:{partition}:eks:{region}:{account}:access-entry/{clusterName}/"
	clusterAccessPolicyARNs = "arn:aws:eks::aws:cluster-access-policy/"
)

func eksAccessKinds() []behaviour.Kind {
	return []behaviour.Kind{accessEntry(), accessPolicyAssociation(), podIdentityAssociation()}
}

// accessEntry lets a role or user into a cluster.
func accessEntry() behaviour.Kind {
	return behaviour.Kind{
		Type: typeAccessEntry, Title: "EKS Access Entry", Service: "EKS",
		Verbs: behaviour.Verbs{Create: "CreateAccessEntry", Update: "UpdateAccessEntry", Delete: "DeleteAccessEntry"},
		ID: func(c *behaviour.Call) (string, error) {
			return c.Text("clusterName") + ":" + c.Text("principalArn"), nil
		},
		Defaults: map[string]any{"type": "STANDARD"},
		Computed: []behaviour.Output{
			{Name: "accessEntryArn", Make: func(c *behaviour.Call) any {
				return c.Fill(entryFormat) + behaviour.UUID(c.Digits(32))
			}},
			tagsAll(),
			{Name: "userName", Make: userName},
			{Name: "kubernetesGroups", Make: kubernetesGroups},
			{Name: "createdAt", Make: now},
			{Name: "modifiedAt", Make: now, Volatile: true},
		},
		ForceNew:   []string{"clusterName", "principalArn", "type"},
		Sets:       []string{"kubernetesGroups"},
		References: []behaviour.Reference{inCluster(behaviour.Cascade)},
		Unique: []behaviour.Unique{{
			Properties: []string{"clusterName", "principalArn"},
			Taken: func(*behaviour.Call, account.Resource) error {
				return refuseWith(409, "ResourceInUseException",
					"The specified access entry resource is already in use on this cluster.")
			},
		}},
		Checks:  []func(*behaviour.Call) error{checkMode, checkPrincipal, checkEntryType},
		Deleted: deleteAssociations,
		Missing: noEntry(),
	}
}

func noEntry() func(string) error {
	return notFound("The specified principalArn could not be found: %s. You can view your available access entries with " +
		"'list-access-entries'.")
}

// userName is what Kubernetes' own records call the principal.
func userName(c *behaviour.Call) any {
	principal := c.Text("principalArn")
	_, name, isRole := strings.Cut(principal, ":role/")

	switch {
	case c.Text("type") != standardEntry:
		return "system:node:{{EC2PrivateDNSName}}"
	case isRole:
		return "arn:aws:sts::" + accountID + ":assumed-role/" + name[strings.LastIndex(name, "/")+1:] + "/{{SessionName}}"
	}

	return principal
}

const standardEntry = "STANDARD"

func kubernetesGroups(c *behaviour.Call) any {
	if c.Text("type") == standardEntry {
		return []any{}
	}

	return []any{"system:nodes"}
}

// accessPolicyAssociation says what somebody who is let in may do.
func accessPolicyAssociation() behaviour.Kind {
	return behaviour.Kind{
		Type: typeAccessPolicy, Title: "EKS Access Policy Association", Service: "EKS",
		Verbs: behaviour.Verbs{
			Create: "AssociateAccessPolicy", Update: "AssociateAccessPolicy", Delete: "DisassociateAccessPolicy",
		},
		ID: func(c *behaviour.Call) (string, error) {
			return strings.Join([]string{c.Text("clusterName"), c.Text("principalArn"), c.Text("policyArn")}, "#"), nil
		},
		Computed: []behaviour.Output{
			{Name: "associatedAt", Make: now}, {Name: "modifiedAt", Make: now, Volatile: true},
		},
		ForceNew: []string{
			"accessScope.namespaces", "accessScope.type", "clusterName", "policyArn", "principalArn",
		},
		Sets:       []string{"accessScope.namespaces"},
		References: []behaviour.Reference{inCluster(behaviour.Cascade)},
		Checks:     []func(*behaviour.Call) error{checkMode, checkAssociation, checkScope},
		Missing:    notFound("The access policy association %s could not be found."),
	}
}

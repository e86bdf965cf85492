package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeAccessEntry  = "aws:eks/accessEntry:AccessEntry"
	typeAccessPolicy = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
	typePodIdentity  = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
	systemNamespace  = "kube-system"
	nodeEntry        = "EC2_LINUX"
)

func accessRules() map[string]rules {
	return map[string]rules{
		typeAccessEntry: {
			outputs: makers{"kubernetesGroups": entryGroups, "userName": entryUser}, deleted: deleteAssociations,
		},
		typeAccessPolicy: {checks: []check{checkAssociation}},
		typePodIdentity:  {checks: []check{checkPodTrust}},
	}
}

// entryGroups are those that EKS gives nodes.
func entryGroups(c *call) any {
	if c.Text("type") == nodeEntry {
		return []any{"system:nodes"}
	}

	return []any{}
}

// entryUser is the user name that EKS makes from the principal.
// Source: https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
func entryUser(c *call) any {
	principal := c.Text("principalArn")
	role, name := strings.Contains(principal, ":role/"), principal[strings.LastIndex(principal, "/")+1:]

	switch {
	case c.Text("type") == nodeEntry:
		return "system:node:{{EC2PrivateDNSName}}"
	case role:
		return c.Fill("arn:{partition}:sts::{account}:assumed-role/") + name + "/{{SessionName}}"
	}

	return principal
}

// deleteAssociations deletes the principal's policies with its entry.
func deleteAssociations(c *call) error {
	for _, association := range c.Siblings(typeAccessPolicy) {
		if association.Text("clusterName") == c.Text("clusterName") &&
			association.Text("principalArn") == c.Text("principalArn") {
			c.Tx.Delete(association.Key)
		}
	}

	return nil
}

// checkAssociation requires an access entry of the principal.
func checkAssociation(c *call) error {
	if _, exists := c.Get(typeAccessEntry, c.Text("clusterName")+":"+c.Text("principalArn")); exists {
		return nil
	}

	return refuseWith(404, "ResourceNotFoundException", "The specified principalArn could not be found: %s. You can view "+
		"your available access entries with 'list-access-entries'.", c.Text("principalArn"))
}

// checkPodTrust requires a role that the Pod Identity agent is allowed to assume.
func checkPodTrust(c *call) error {
	arn := c.Text("roleArn")
	if !trusts(roleOf(c, arn), "pods.eks.amazonaws.com", "sts:AssumeRole", "sts:TagSession") {
		return refuse("InvalidParameterException", "Trust policy of role %s is not valid for EKS Pod Identity: "+
			"it must allow pods.eks.amazonaws.com to call sts:AssumeRole and sts:TagSession", arn)
	}

	return nil
}

// systemIdentities are the associations of service accounts in kube-system of the call's cluster.
func systemIdentities(c *call) []account.Resource {
	return slices.DeleteFunc(c.Siblings(typePodIdentity), func(association account.Resource) bool {
		return association.Text("clusterName") != c.Text("clusterName") || association.Text("namespace") != systemNamespace
	})
}

// roleOf is the role of an ARN.
func roleOf(c *call, arn string) account.Resource {
	found, _ := c.Target(behaviour.Reference{Types: []string{typeRole}, By: []string{"arn"}}, arn)

	return found
}

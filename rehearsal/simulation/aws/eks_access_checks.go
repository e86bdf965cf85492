package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

func usesConfigMap(cluster account.Resource) bool {
	return slices.Contains(cluster.Texts("accessConfig.authenticationMode"), modeConfigMap)
}

// checkMode wants a cluster that asks EKS whom to let in.
func checkMode(c *behaviour.Call) error {
	if usesConfigMap(clusterOf(c)) {
		return refuse("InvalidRequestException", "The cluster's authentication mode must be set to one of "+
			"[API, API_AND_CONFIG_MAP] to perform this operation.")
	}

	return nil
}

// principalForm leaves out sessions, which STS names: an entry is for the role behind one.
var principalForm = regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[\w+=,.@/-]+$`)

func checkPrincipal(c *behaviour.Call) error {
	if !principalForm.MatchString(c.Text("principalArn")) {
		return refuse("InvalidParameterException", "The principalArn parameter format is not valid")
	}

	return nil
}

// checkEntryType wants a known type, and groups for people only: nodes have theirs.
func checkEntryType(c *behaviour.Call) error {
	kind := c.Text("type")

	known := []string{"EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", standardEntry}
	if !slices.Contains(known, kind) {
		return refuse("InvalidParameterException", "The type %s is not valid; known: %s", kind, strings.Join(known, ", "))
	}

	groups := property.Texts(c.Resource.Inputs, "kubernetesGroups")
	if kind != standardEntry && len(groups) > 0 {
		return refuse("InvalidParameterException", "The kubernetesGroups cannot be specified for an access entry of type %s",
			kind)
	}

	for _, group := range groups {
		if strings.HasPrefix(group, "system:") {
			return refuse("InvalidParameterException",
				"The kubernetes group name %s is invalid, it cannot start with system:", group)
		}
	}

	return nil
}

// deleteAssociations takes along what the principal was allowed.
func deleteAssociations(c *behaviour.Call) error {
	for _, association := range c.Siblings(typeAccessPolicy) {
		if association.Text("clusterName") == c.Text("clusterName") &&
			association.Text("principalArn") == c.Text("principalArn") {
			c.Tx.Delete(association.Key)
		}
	}

	return nil
}

// accessPolicies are EKS's own, as far as people get them.
// Source: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
func accessPolicies() []string {
	return []string{
		"AmazonEKSAdminPolicy", "AmazonEKSAdminViewPolicy", "AmazonEKSClusterAdminPolicy", "AmazonEKSEditPolicy",
		"AmazonEKSSecretReaderPolicy", "AmazonEKSViewPolicy",
	}
}

// checkAssociation wants an entry to add to, and a policy there is.
func checkAssociation(c *behaviour.Call) error {
	if _, exists := c.Get(typeAccessEntry, c.Text("clusterName")+":"+c.Text("principalArn")); !exists {
		return noEntry()(c.Text("principalArn"))
	}

	name, ours := strings.CutPrefix(c.Text("policyArn"), clusterAccessPolicyARNs)
	if !ours || !slices.Contains(accessPolicies(), name) {
		return notFound("The specified policyArn could not be found: %s.")(c.Text("policyArn"))
	}

	return nil
}

func checkScope(c *behaviour.Call) error {
	kind, namespaces := c.Text("accessScope.type"), c.Texts("accessScope.namespaces")

	switch {
	case kind != "cluster" && kind != "namespace":
		return refuse("InvalidParameterException", "The accessScope type %s is not valid; known: cluster, namespace", kind)
	case kind == "namespace" && len(namespaces) == 0:
		return refuse("InvalidParameterException", "The accessScope of type namespace must have namespaces")
	case kind == "cluster" && len(namespaces) > 0:
		return refuse("InvalidParameterException", "The accessScope of type cluster cannot have namespaces")
	}

	return nil
}

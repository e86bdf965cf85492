package aws

import (
	"encoding/json"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const (
	typeRole              = "aws:iam/role:Role"
	typeRolePolicy        = "aws:iam/rolePolicy:RolePolicy"
	typeRoleAttachment    = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	typePolicy            = "aws:iam/policy:Policy"
	typeOIDCProvider      = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	typeServiceLinkedRole = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
	awsManagedPolicyARNs  = "arn:{partition}:iam::aws:policy/"
)

// IAM's quotas, which AWS raises late or never.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	maxPolicySize = 6144
	maxTrustSize  = 2048
)

func iamRules() map[string]rules {
	return map[string]rules{
		typeRole: {local: []behaviour.Local{
			checkDocument("assumeRolePolicy"), checkSize("assumeRolePolicy", "ACLSizePerRole", maxTrustSize),
		}},
		typeRolePolicy: {local: []behaviour.Local{checkDocument("policy")}},
		typePolicy: {local: []behaviour.Local{
			checkDocument("policy"), checkSize("policy", "PolicySize", maxPolicySize),
		}},
		typeOIDCProvider: {id: func(c *call) string {
			return c.Fill("arn:{partition}:iam::{account}:oidc-provider/") + strings.TrimPrefix(c.Text("url"), "https://")
		}},
		typeServiceLinkedRole: {
			id: func(c *call) string {
				return c.Fill("arn:{partition}:iam::{account}:role/aws-service-role/{awsServiceName}/") + serviceLinkedName(c)
			},
			outputs: makers{"name": func(c *call) any { return serviceLinkedName(c) }},
			guards:  []check{guardUsedServiceLinkedRole},
		},
	}
}

// serviceLinked are the names of the roles that services have for themselves, and the type that keeps one in use.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
func serviceLinked() map[string]struct{ name, usedBy string } {
	return map[string]struct{ name, usedBy string }{
		"autoscaling.amazonaws.com":          {"AutoScaling", typeNodeGroup},
		"eks-nodegroup.amazonaws.com":        {"AmazonEKSNodegroup", typeNodeGroup},
		"eks.amazonaws.com":                  {"AmazonEKS", typeCluster},
		"elasticache.amazonaws.com":          {"ElastiCache", typeReplicationGroup},
		"elasticloadbalancing.amazonaws.com": {"ElasticLoadBalancing", typeLoadBalancer},
		"rds.amazonaws.com":                  {"RDS", typeDatabase},
		"spot.amazonaws.com":                 {"EC2Spot", typeNodeGroup},
	}
}

func serviceLinkedName(c *call) string {
	return "AWSServiceRoleFor" + serviceLinked()[c.Text("awsServiceName")].name
}

// guardUsedServiceLinkedRole looks in all regions: the role is the same in each.
func guardUsedServiceLinkedRole(c *call) error {
	used := c.Tx.Find(func(r account.Resource) bool {
		return r.Type == serviceLinked()[c.Text("awsServiceName")].usedBy
	})
	if len(used) > 0 {
		return fail("waiting for IAM Service Linked Role (%s) delete: FAILED: There are active resources in the account: %s",
			c.Resource.ID, used[0].ID)
	}

	return nil
}

// checkDocument requires a policy document: a JSON object with statements.
func checkDocument(property string) behaviour.Local {
	return behaviour.Local{Reads: []string{property}, Check: func(c *call) error {
		var document struct {
			Statement any `json:"statement"` // in any case: IAM writes it with a capital
		}

		if err := json.Unmarshal([]byte(c.Text(property)), &document); err != nil || document.Statement == nil {
			return refuse("MalformedPolicyDocument", "The policy in %s is not in the valid JSON format.", property)
		}

		return nil
	}}
}

// checkSize limits the length of a document; white space does not count.
func checkSize(path, quota string, limit int) behaviour.Local {
	return behaviour.Local{Reads: []string{path}, Check: func(c *call) error {
		if size := len(strings.Join(strings.FieldsFunc(c.Text(path), unicode.IsSpace), "")); size > limit {
			return refuseWith(409, "LimitExceeded", "Cannot exceed quota for %s: %d", quota, limit)
		}

		return nil
	}}
}

// attachmentsOf are the managed policies of a role, by their ARNs.
func attachmentsOf(c *call, role string) []string {
	var arns []string

	for _, attachment := range c.Siblings(typeRoleAttachment) {
		if attachment.Text("role") == role {
			arns = append(arns, attachment.Text("policyArn"))
		}
	}

	return arns
}

// hasPolicy reports whether a role has one of AWS's own policies. What other policies allow is not simulated.
func hasPolicy(c *call, role account.Resource, names ...string) bool {
	arns := append(role.Texts("managedPolicyArns"), attachmentsOf(c, role.ID)...)

	return slices.ContainsFunc(arns, func(arn string) bool {
		return strings.HasPrefix(arn, c.Fill(awsManagedPolicyARNs)) && slices.Contains(names, path.Base(arn))
	})
}

// hasOwnPolicy reports whether a role has an inline policy.
func hasOwnPolicy(c *call, role account.Resource) bool {
	return len(role.Texts("inlinePolicies.policy")) > 0 ||
		slices.ContainsFunc(c.Siblings(typeRolePolicy), func(policy account.Resource) bool {
			return policy.Text("role") == role.ID
		})
}

// trusts reports whether a role allows a service to call all the actions. Conditions are not simulated.
func trusts(role account.Resource, service string, actions ...string) bool {
	var document map[string]any

	_ = json.Unmarshal([]byte(role.Text("assumeRolePolicy")), &document) // checkDocument has read it before

	for _, action := range actions {
		if !slices.ContainsFunc(property.At(document, "Statement"), func(statement any) bool {
			given, _ := statement.(map[string]any)

			return given["Effect"] == "Allow" && slices.Contains(property.Texts(given, "Action"), action) &&
				slices.Contains(property.Texts(given, "Principal.Service"), service)
		}) {
			return false
		}
	}

	return true
}

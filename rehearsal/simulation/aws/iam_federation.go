package aws

import (
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeOIDCProvider      = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	typeServiceLinkedRole = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
)

// oidcProvider is called after its issuer.
func oidcProvider() behaviour.Kind {
	return behaviour.Kind{
		Type: typeOIDCProvider, Title: "IAM OIDC Provider", Service: "IAM", Global: true,
		Verbs: behaviour.Verbs{
			Create: "CreateOpenIDConnectProvider", Update: "AddClientIDToOpenIDConnectProvider",
			Delete: "DeleteOpenIDConnectProvider",
		},
		ID: func(c *behaviour.Call) (string, error) {
			return c.Fill("arn:{partition}:iam::{account}:oidc-provider/") + strings.TrimPrefix(c.Text("url"), "https://"), nil
		},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "{id}"), tagsAll(), behaviour.Constant("thumbprintLists", []any{}),
		},
		ForceNew: []string{"url"},
		Sets:     []string{"clientIdLists"},
		Unique: []behaviour.Unique{{
			Properties: []string{"url"},
			Taken:      taken("EntityAlreadyExists", "Provider with url %s already exists.", "url"),
		}},
		Checks: []func(*behaviour.Call) error{func(c *behaviour.Call) error {
			if url := c.Text("url"); !strings.HasPrefix(url, "https://") {
				return refuse("ValidationError", "Invalid Open ID Connect Provider URL: %s", url)
			}

			return nil
		}},
		Missing: missing("NoSuchEntity", "OpenIDConnect Provider not found for arn %s"),
	}
}

// serviceLinked are the names of the roles that services have for themselves, and what keeps one in use.
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

// serviceLinkedRole is one for each service; IAM keeps it while the service has anything.
func serviceLinkedRole() behaviour.Kind {
	return behaviour.Kind{
		Type: typeServiceLinkedRole, Title: "IAM Service Linked Role", Service: "IAM", Global: true,
		Verbs: behaviour.Verbs{
			Create: "CreateServiceLinkedRole", Update: "UpdateRole", Delete: "DeleteServiceLinkedRole",
		},
		ID: func(c *behaviour.Call) (string, error) {
			return c.Fill("arn:{partition}:iam::{account}:role" + serviceLinkedPath(c) + serviceLinkedName(c)), nil
		},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "{id}"), tagsAll(), behaviour.Constant("description", ""),
			{Name: "name", Make: func(c *behaviour.Call) any { return serviceLinkedName(c) }},
			{Name: "path", Make: func(c *behaviour.Call) any { return serviceLinkedPath(c) }},
			{Name: "createDate", Make: func(c *behaviour.Call) any { return c.Place.Now().UTC().Format(time.RFC3339) }},
			{Name: "uniqueId", Make: func(c *behaviour.Call) any { return "AROA" + strings.ToUpper(c.Digits(17)) }},
		},
		ForceNew: []string{"awsServiceName", "customSuffix"},
		Unique: []behaviour.Unique{{
			Properties: []string{"awsServiceName"},
			Taken: taken("InvalidInput",
				"Service role name %s has been taken in this account, please try a different suffix.", "name"),
		}},
		Checks: []func(*behaviour.Call) error{func(c *behaviour.Call) error {
			if service := c.Text("awsServiceName"); serviceLinked()[service].name == "" {
				return refuse("InvalidInput", "%s does not have a service-linked role, or is not simulated", service)
			}

			return nil
		}},
		Guards:  []func(*behaviour.Call) error{keepUsedServiceLinkedRole},
		Missing: missing("NoSuchEntity", "The role with name %s cannot be found."),
	}
}

func serviceLinkedName(c *behaviour.Call) string {
	return "AWSServiceRoleFor" + serviceLinked()[c.Text("awsServiceName")].name
}

func serviceLinkedPath(c *behaviour.Call) string {
	return "/aws-service-role/" + c.Text("awsServiceName") + "/"
}

// keepUsedServiceLinkedRole looks in all regions: the role is the same in each.
func keepUsedServiceLinkedRole(c *behaviour.Call) error {
	used := c.Tx.Find(func(r account.Resource) bool {
		return r.Type == serviceLinked()[c.Text("awsServiceName")].usedBy
	})
	if len(used) > 0 {
		return fail("waiting for IAM Service Linked Role (%s) delete: FAILED: There are active resources in the account: %s",
			c.Resource.ID, used[0].ID)
	}

	return nil
}

package aws

import (
	"encoding/json"
	"path"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// roleReference is a property that takes a role's ARN. IAM deletes roles that are in use.
func roleReference(property string, missing func(string) error) behaviour.Reference {
	return behaviour.Reference{
		Property: property, Types: []string{typeRole}, By: []string{"arn"}, OnDelete: behaviour.Ignore, Missing: missing,
	}
}

// roleOf is the role of that ARN.
func roleOf(c *behaviour.Call, arn string) account.Resource {
	found, _ := c.Target(roleReference("", nil), arn)

	return found
}

// hasPolicy says that a role has one of AWS's own policies, by their names. What a
// policy of the program's own allows is not read.
func hasPolicy(c *behaviour.Call, role account.Resource, names ...string) bool {
	arns := property.Texts(role.Outputs, "managedPolicyArns")

	for _, attachment := range c.Siblings(typeRoleAttachment) {
		if attachment.Text("role") == role.ID {
			arns = append(arns, attachment.Text("policyArn"))
		}
	}

	return slices.ContainsFunc(arns, func(arn string) bool {
		return isAWSManaged(arn) && slices.Contains(names, path.Base(arn))
	})
}

// trusts says that a role lets a service do all the actions; no role lets nobody.
// Conditions are not read.
func trusts(role account.Resource, service string, actions ...string) bool {
	var document map[string]any

	_ = json.Unmarshal([]byte(role.Text("assumeRolePolicy")), &document) // IAM has read it before

	for _, action := range actions {
		if !slices.ContainsFunc(property.At(document, "Statement"), func(statement any) bool {
			return lets(statement, service, action)
		}) {
			return false
		}
	}

	return true
}

func lets(statement any, service, action string) bool {
	said, _ := statement.(map[string]any)

	return said["Effect"] == "Allow" &&
		slices.Contains(property.Texts(said, "Principal.Service"), service) &&
		slices.Contains(property.Texts(said, "Action"), action)
}

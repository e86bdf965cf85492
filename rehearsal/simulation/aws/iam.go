package aws

import (
	"encoding/json"
	"path"
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeRole             = "aws:iam/role:Role"
	typeRolePolicy       = "aws:iam/rolePolicy:RolePolicy"
	typeRoleAttachment   = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
	typePolicy           = "aws:iam/policy:Policy"
	awsManagedPolicyARNs = "arn:aws:iam::aws:policy/"
)

func iamKinds() []behaviour.Kind {
	return []behaviour.Kind{
		role(), rolePolicy(), rolePolicyAttachment(), policy(), oidcProvider(), serviceLinkedRole(),
	}
}

// role keeps its policies: IAM refuses to delete one that has any.
func role() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRole, Title: "IAM Role", Service: "IAM", Global: true,
		Verbs:    behaviour.Verbs{Create: "CreateRole", Update: "UpdateRole", Delete: "DeleteRole"},
		ID:       nameOr("namePrefix"),
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 64},
		Defaults: map[string]any{"forceDetachPolicies": false, "maxSessionDuration": 3600, "path": "/"},
		Computed: []behaviour.Output{
			behaviour.Format("name", "{id}"),
			behaviour.Format("arn", "arn:{partition}:iam::{account}:role{path}{name}"), tagsAll(),
			{Name: "createDate", Make: func(c *behaviour.Call) any { return c.Place.Now().UTC().Format(time.RFC3339) }},
			{Name: "uniqueId", Make: func(c *behaviour.Call) any { return "AROA" + strings.ToUpper(c.Digits(17)) }},
			behaviour.Constant("inlinePolicies", []any{}), behaviour.Constant("managedPolicyArns", []any{}),
		},
		ForceNew: []string{"name", "namePrefix", "path"},
		Sets:     []string{"inlinePolicies", "managedPolicyArns"},
		References: []behaviour.Reference{
			{Property: "managedPolicyArns", Types: []string{typePolicy}, Skip: isAWSManaged},
			{
				Property: "permissionsBoundary", Types: []string{typePolicy}, Skip: isAWSManaged,
				Missing: missing("NoSuchEntity", "Scope ARN: %s does not exist or is not attachable."),
			},
		},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"}, Taken: taken("EntityAlreadyExists", "Role with name %s already exists.", "name"),
		}},
		Checks: []func(*behaviour.Call) error{
			checkDocument("assumeRolePolicy"), checkSize("assumeRolePolicy", "ACLSizePerRole", maxTrustSize),
		},
		Force:   "forceDetachPolicies",
		Missing: missing("NoSuchEntity", "The role with name %s cannot be found."),
		InUse: func(_, dependent account.Resource) error {
			if dependent.Type == typeRolePolicy {
				return refuse("DeleteConflict", "Cannot delete entity, must delete policies first.")
			}

			return refuse("DeleteConflict", "Cannot delete entity, must detach all policies first.")
		},
	}
}

func rolePolicy() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRolePolicy, Title: "IAM Role Policy", Service: "IAM", Global: true,
		Verbs:    behaviour.Verbs{Create: "PutRolePolicy", Update: "PutRolePolicy", Delete: "DeleteRolePolicy"},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("role") + ":" + nameOf(c, "namePrefix"), nil },
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 128},
		Computed: []behaviour.Output{{Name: "name", Make: func(c *behaviour.Call) any {
			return strings.TrimPrefix(c.Resource.ID, c.Text("role")+":")
		}}},
		ForceNew:   []string{"name", "namePrefix", "role"},
		References: []behaviour.Reference{{Property: "role", Types: []string{typeRole}}},
		Checks:     []func(*behaviour.Call) error{checkDocument("policy")},
		Missing:    missing("NoSuchEntity", "The role policy with name %s cannot be found."),
	}
}

// rolePolicyAttachment names its policy by ARN; AWS's own are not in the account.
func rolePolicyAttachment() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRoleAttachment, Title: "IAM Role Policy Attachment", Service: "IAM", Global: true,
		Verbs:    behaviour.Verbs{Create: "AttachRolePolicy", Update: "AttachRolePolicy", Delete: "DetachRolePolicy"},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("role") + "-" + c.Digits(26), nil },
		ForceNew: []string{"policyArn", "role"},
		References: []behaviour.Reference{
			{Property: "role", Types: []string{typeRole}},
			{
				Property: "policyArn", Types: []string{typePolicy}, Skip: isAWSManaged,
				Missing: missing("NoSuchEntity", "Policy %s does not exist or is not attachable."),
			},
		},
		Checks:  []func(*behaviour.Call) error{checkAttachments},
		Missing: missing("NoSuchEntity", "The attachment %s cannot be found."),
	}
}

func policy() behaviour.Kind {
	return behaviour.Kind{
		Type: typePolicy, Title: "IAM Policy", Service: "IAM", Global: true,
		Verbs: behaviour.Verbs{Create: "CreatePolicy", Update: "CreatePolicyVersion", Delete: "DeletePolicy"},
		ID: func(c *behaviour.Call) (string, error) {
			return c.Fill("arn:{partition}:iam::{account}:policy{path}") + nameOf(c, "namePrefix"), nil
		},
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 128},
		Defaults: map[string]any{"path": "/"},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "{id}"), tagsAll(),
			{Name: "name", Make: func(c *behaviour.Call) any { return path.Base(c.Resource.ID) }},
			{Name: "policyId", Make: func(c *behaviour.Call) any { return "ANPA" + strings.ToUpper(c.Digits(17)) }},
			behaviour.Constant("attachmentCount", 0),
		},
		ForceNew: []string{"description", "name", "namePrefix", "path"},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken: taken("EntityAlreadyExists",
				"A policy called %s already exists. Duplicate names are not allowed.", "name"),
		}},
		Checks: []func(*behaviour.Call) error{
			checkDocument("policy"), checkSize("policy", "PolicySize", maxPolicySize),
		},
		Missing: missing("NoSuchEntity", "Policy %s was not found."),
		InUse:   inUse("DeleteConflict", "Cannot delete a policy attached to entities: %s"),
	}
}

func isAWSManaged(arn string) bool {
	return strings.HasPrefix(arn, awsManagedPolicyARNs)
}

// nameOf is the given name, or one made of the prefix as Terraform does.
func nameOf(c *behaviour.Call, prefix string) string {
	if name := c.Text("name"); name != "" {
		return name
	}

	return c.Text(prefix) + c.Digits(26)
}

// nameOr makes ids that are the resource's name.
func nameOr(prefix string) func(*behaviour.Call) (string, error) {
	return func(c *behaviour.Call) (string, error) { return nameOf(c, prefix), nil }
}

// checkDocument wants a policy document: a JSON object with statements.
func checkDocument(property string) func(*behaviour.Call) error {
	return func(c *behaviour.Call) error {
		text := c.Text(property)

		var document struct {
			Statement any `json:"statement"` // in any case: IAM's grammar has it with a capital
		}

		if err := json.Unmarshal([]byte(text), &document); err != nil || document.Statement == nil {
			return refuse("MalformedPolicyDocument", "The policy in %s is not in the valid JSON format.", property)
		}

		return nil
	}
}

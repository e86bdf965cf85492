package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeKey   = "aws:kms/key:Key"
	typeAlias = "aws:kms/alias:Alias"
)

func kmsKinds() []behaviour.Kind {
	return []behaviour.Kind{key(), alias()}
}

// key is gone for everybody as soon as its deletion is scheduled.
func key() behaviour.Kind {
	return behaviour.Kind{
		Type: typeKey, Title: "KMS Key", Service: "KMS",
		Verbs: behaviour.Verbs{Create: "CreateKey", Update: "PutKeyPolicy", Delete: "ScheduleKeyDeletion"},
		ID:    func(c *behaviour.Call) (string, error) { return behaviour.UUID(c.Digits(32)), nil },
		Defaults: map[string]any{
			"bypassPolicyLockoutSafetyCheck": false, "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
			"enableKeyRotation": false, "isEnabled": true, "keyUsage": "ENCRYPT_DECRYPT",
		},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "arn:{partition}:kms:{region}:{account}:key/{id}"),
			behaviour.Format("keyId", "{id}"), tagsAll(),
			behaviour.Constant("description", ""), behaviour.Constant("multiRegion", false),
			behaviour.Constant("rotationPeriodInDays", 0),
			behaviour.Format("policy", `{"Id":"key-default-1","Statement":[{"Action":"kms:*","Effect":"Allow",`+
				`"Principal":{"AWS":"arn:{partition}:iam::{account}:root"},"Resource":"*",`+
				`"Sid":"Enable IAM User Permissions"}],"Version":"2012-10-17"}`),
		},
		ForceNew: []string{"customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"},
		Checks:   []func(*behaviour.Call) error{checkKey},
		Missing:  missing("NotFoundException", "Key '%s' does not exist"),
		InUse:    inUse("KMSInvalidStateException", "%s is in use"),
	}
}

func checkKey(c *behaviour.Call) error {
	if window, given := c.Resource.Outputs["deletionWindowInDays"].(float64); given && (window < 7 || window > 30) {
		return refuse("ValidationException", "PendingWindowInDays must be between 7 and 30, got %v", window)
	}

	if c.Text("policy") == "" {
		return nil
	}

	if checkDocument("policy")(c) != nil {
		return refuse("MalformedPolicyDocumentException", "The policy is not in the valid JSON format.")
	}

	return nil
}

func alias() behaviour.Kind {
	return behaviour.Kind{
		Type: typeAlias, Title: "KMS Alias", Service: "KMS",
		Verbs:    behaviour.Verbs{Create: "CreateAlias", Update: "UpdateAlias", Delete: "DeleteAlias"},
		ID:       nameOr("namePrefix"),
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Prefix: "alias/", Limit: 256},
		Computed: []behaviour.Output{
			behaviour.Format("name", "{id}"),
			behaviour.Format("arn", "arn:{partition}:kms:{region}:{account}:{id}"),
			{Name: "targetKeyArn", Make: targetKeyARN, Volatile: true},
		},
		ForceNew:   []string{"name", "namePrefix"},
		References: []behaviour.Reference{keyReference("targetKeyId", behaviour.Cascade)},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken: func(c *behaviour.Call, other account.Resource) error {
				return refuse("AlreadyExistsException", "An alias with the name arn:aws:kms:%s:%s:%s already exists",
					c.Place.Region, accountID, other.ID)
			},
		}},
		Checks:  []func(*behaviour.Call) error{checkAlias},
		Missing: missing("NotFoundException", "Alias %s is not found."),
	}
}

// keyReference is a property that takes a key's id or ARN.
func keyReference(property string, onDelete behaviour.OnDelete) behaviour.Reference {
	return behaviour.Reference{
		Property: property, Types: []string{typeKey}, By: []string{"id", "arn"}, OnDelete: onDelete,
	}
}

func checkAlias(c *behaviour.Call) error {
	name := c.Text("name") + c.Text("namePrefix")
	if !strings.HasPrefix(name, "alias/") || name == "alias/" {
		return refuse("ValidationException", "alias name %q must begin with alias/", name)
	}

	if strings.HasPrefix(name, "alias/aws/") {
		return refuse("NotAuthorizedException", "the prefix alias/aws/ is reserved for AWS: %s", name)
	}

	return nil
}

func targetKeyARN(c *behaviour.Call) any {
	target, _ := c.Target(keyReference("targetKeyId", behaviour.Cascade), c.Text("targetKeyId"))

	return target.Text("arn")
}

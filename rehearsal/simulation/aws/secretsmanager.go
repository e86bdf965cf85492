package aws

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeSecret = "aws:secretsmanager/secret:Secret"

func secretKinds() []behaviour.Kind {
	return []behaviour.Kind{secret()}
}

// secret is the holder of a value. Deleted, it keeps its name for as long as it can be recovered.
func secret() behaviour.Kind {
	return behaviour.Kind{
		Type: typeSecret, Title: "Secrets Manager Secret", Service: "Secrets Manager",
		Verbs:    behaviour.Verbs{Create: "CreateSecret", Update: "UpdateSecret", Delete: "DeleteSecret"},
		ID:       func(c *behaviour.Call) (string, error) { return secretARN(c, nameOf(c, "namePrefix")), nil },
		AutoName: &behaviour.AutoName{Property: "name", Rival: "namePrefix", Limit: 512},
		Defaults: map[string]any{"forceOverwriteReplicaSecret": false, "recoveryWindowInDays": 30},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "{id}"),
			{Name: "name", Make: secretName},
			behaviour.Constant("namePrefix", ""),
			tagsAll(), behaviour.Constant("policy", ""), behaviour.Constant("replicas", []any{}),
		},
		ForceNew: []string{"name", "namePrefix"},
		Sets:     []string{"replicas"},
		References: []behaviour.Reference{{
			Property: "kmsKeyId", Types: []string{typeKey, typeAlias}, By: []string{"id", "arn"},
			OnDelete: behaviour.Ignore, Skip: isServiceKey,
			Missing: missing("EncryptionFailure",
				"Secrets Manager can't encrypt the protected secret text using the provided KMS key: %s"),
		}},
		Unique:  []behaviour.Unique{{Properties: []string{"name"}, Taken: secretTaken}},
		Checks:  []func(*behaviour.Call) error{checkRecoveryWindow, checkSecretPolicy},
		Deleted: holdSecretName,
		Missing: missing("ResourceNotFoundException", "Secrets Manager can't find the specified secret: %s"),
	}
}

// suffixLength is that of what Secrets Manager puts behind a name, so that a new secret has a new ARN.
const suffixLength = 6

func secretARN(c *behaviour.Call, name string) string {
	return c.Fill("arn:{partition}:secretsmanager:{region}:{account}:secret:") + name + "-" + c.Digits(suffixLength)
}

// secretName is the name that the provider made of a prefix: it stands in the ARN.
func secretName(c *behaviour.Call) any {
	named := c.Resource.ID[len(c.Fill("arn:{partition}:secretsmanager:{region}:{account}:secret:")):]

	return named[:len(named)-suffixLength-1]
}

func checkRecoveryWindow(c *behaviour.Call) error {
	if window := c.Number("recoveryWindowInDays"); window != 0 && (window < 7 || window > 30) {
		return refuse("InvalidParameterException",
			"The RecoveryWindowInDays value must be between 7 and 30 days (inclusive); got %d.", window)
	}

	return nil
}

func checkSecretPolicy(c *behaviour.Call) error {
	if c.Text("policy") != "" && checkDocument("policy")(c) != nil {
		return refuse("MalformedPolicyDocumentException", "This resource policy contains invalid JSON.")
	}

	return nil
}

// scheduled is what the account notes of a secret that is deleted and can be recovered.
const scheduled = "scheduledForDeletion"

// secretTaken tells a secret that is there from one whose name is only not free as yet.
func secretTaken(_ *behaviour.Call, other account.Resource) error {
	if other.Private[scheduled] != "" {
		return refuse("InvalidRequestException",
			"You can't create this secret because a secret with this name is already scheduled for deletion.")
	}

	return refuse("ResourceExistsException", "The operation failed because the secret %s already exists.",
		other.Text("name"))
}

// holdSecretName leaves the name in the account under an id that nobody asks for: for the
// provider the secret is gone.
func holdSecretName(c *behaviour.Call) error {
	if c.Number("recoveryWindowInDays") == 0 {
		return nil
	}

	held := account.Resource{
		Key: c.Resource.Key, Inputs: map[string]any{}, Outputs: map[string]any{"name": c.Text("name")},
		Private: map[string]string{scheduled: "true"},
	}
	held.ID += " (deleted)"
	c.Tx.Put(held)

	return nil
}

// keyARN is the ARN of a key that is named by its id, its ARN, or those of an alias.
func keyARN(c *behaviour.Call, name string) string {
	found, _ := c.Target(behaviour.Reference{Types: []string{typeKey, typeAlias}, By: []string{"id", "arn"}}, name)
	if found.Type == typeAlias {
		return found.Text("targetKeyArn")
	}

	return found.Text("arn")
}

package aws

import (
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

// keepMasterSecret has RDS keep the master user's password in a secret of the instance's
// own, as long as it is asked to. The password itself is in the account alone.
func keepMasterSecret(c *behaviour.Call) {
	kept, exists := masterSecret(c)
	if !c.True("manageMasterUserPassword") {
		if exists {
			c.Tx.Delete(kept.Key)
		}

		c.Resource.Outputs["masterUserSecrets"] = []any{}

		return
	}

	if !exists {
		kept = makeMasterSecret(c)
	}

	kept.Outputs["kmsKeyId"] = masterSecretKey(c)
	c.Tx.Put(kept)

	c.Resource.Outputs["masterUserSecrets"] = []any{map[string]any{
		"secretArn": kept.ID, "secretStatus": "active", "kmsKeyId": kept.Text("kmsKeyId"),
	}}
}

// masterSecret is the secret that the instance has, if it has one.
func masterSecret(c *behaviour.Call) (account.Resource, bool) {
	for _, candidate := range c.Siblings(typeSecret) {
		if candidate.PartOf(c.Resource) {
			return candidate, true
		}
	}

	return account.Resource{}, false
}

func makeMasterSecret(c *behaviour.Call) account.Resource {
	name := "rds!db-" + behaviour.UUID(c.Digits(32))
	arn := secretARN(c, name)
	inputs := map[string]any{
		"name":        name,
		"description": "The secret associated with the primary RDS DB instance: " + c.Text("arn"),
		"tags": map[string]any{
			"aws:rds:primaryDBInstanceArn": c.Text("arn"), "aws:secretsmanager:owningService": "rds",
		},
	}
	c.Own(secret(), arn, inputs, inputs)

	made, _ := c.Get(typeSecret, arn)
	made.Private = map[string]string{"username": c.Text("username"), "password": "Rds." + c.Digits(24)}

	return made
}

// masterSecretKey is the ARN of the key that encrypts the secret: the one named, through
// an alias too, or the one that AWS keeps.
func masterSecretKey(c *behaviour.Call) string {
	named := c.Text("masterUserSecretKmsKeyId")

	switch {
	case !c.True("manageMasterUserPassword"):
		return ""
	case named == "" || isServiceKey(named):
		return serviceKeyARN(c, "secretsmanager")
	}

	return keyARN(c, named)
}

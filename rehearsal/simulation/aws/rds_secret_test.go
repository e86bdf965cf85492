package aws_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// masterSecret is what an instance says of its secret.
func masterSecret(t *testing.T, made enginetest.Made) resource.PropertyMap {
	t.Helper()

	secrets := made.Outputs["masterUserSecrets"].ArrayValue()
	require.Len(t, secrets, 1)

	return secrets[0].ObjectValue()
}

func TestRDSKeepsTheMasterPassword(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(nil)
	said, kept := masterSecret(t, made), d.only(t, secretType)
	assert.Regexp(t, `^arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-[0-9a-f-]{36}-[0-9A-Za-z]{6}$`,
		said["secretArn"].StringValue())
	assert.Equal(t, "active", said["secretStatus"].StringValue())
	assert.Regexp(t, `^arn:aws:kms:us-east-1:123456789012:key/`, said["kmsKeyId"].StringValue(), "AWS's own")
	assert.Equal(t, said["secretArn"].StringValue(), kept.ID)
	assert.Equal(t, kept.Text("kmsKeyId"), said["kmsKeyId"].StringValue())
	assert.Regexp(t, `^rds!db-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, kept.Text("name"))
	assert.Equal(t, "admin", kept.Private["username"])

	password := kept.Private["password"]
	assert.GreaterOrEqual(t, len(password), 28)

	shown := d.aws.Read(enginetest.Made{ID: kept.ID, URN: enginetest.URN(secretType, "s")})
	assert.Equal(t, kept.ID, shown.Text("arn"), "who asks for the secret gets it")

	for _, answer := range []resource.PropertyMap{made.Outputs, d.aws.Read(made).Outputs, shown.Outputs, shown.Inputs} {
		assert.NotContains(t, resource.NewObjectProperty(answer).String(), password, "but never its value")
	}

	updated := d.aws.Update(made, d.inputs(in{"tags": in{"a": "b"}}))
	assert.Equal(t, said, masterSecret(t, updated))
	assert.Equal(t, kept.Private, d.only(t, secretType).Private)

	require.NoError(t, d.aws.Delete(made))
	assert.Empty(t, d.Of(secretType), "it goes with the instance, and at once")
}

func TestRDSMasterSecretHasTheKeyThatIsNamed(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	alias := d.aws.Create(aliasType, "db", in{"name": "alias/db", "targetKeyId": d.key.ID})
	made := d.database(in{"masterUserSecretKmsKeyId": d.key.ID})
	first := masterSecret(t, made)

	for _, name := range []string{d.key.Text("arn"), alias.ID, alias.Text("arn")} {
		made = d.aws.Update(made, d.inputs(in{"masterUserSecretKmsKeyId": name}))
		assert.Equal(t, d.key.Text("arn"), masterSecret(t, made)["kmsKeyId"].StringValue(), name)
		assert.Equal(t, name, made.Text("masterUserSecretKmsKeyId"), "as the program has it")
	}

	made = d.aws.Update(made, d.inputs(in{"masterUserSecretKmsKeyId": "alias/aws/secretsmanager"}))
	assert.Regexp(t, `^arn:aws:kms:.*:key/`, masterSecret(t, made)["kmsKeyId"].StringValue())
	assert.Equal(t, first["secretArn"], masterSecret(t, made)["secretArn"], "another key, the same secret")

	require.NoError(t, d.aws.Delete(d.key))
	d.updates(t, made, "a key that is gone", "KMSKeyNotAccessibleFault", nil)
}

func TestRDSMasterSecretComesAndGoes(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(in{"manageMasterUserPassword": nil, "password": "long-enough"})
	assert.Empty(t, d.Of(secretType))
	assert.Empty(t, made.Outputs["masterUserSecrets"].ArrayValue())

	kept := d.aws.Update(made, d.inputs(nil))
	assert.Equal(t, d.only(t, secretType).ID, masterSecret(t, kept)["secretArn"].StringValue())

	free := d.aws.Update(kept, d.inputs(in{"manageMasterUserPassword": nil, "password": "12345678"}))
	assert.Empty(t, d.Of(secretType))
	assert.Empty(t, free.Outputs["masterUserSecrets"].ArrayValue())
}

func TestRDSPasswordsAreSecret(t *testing.T) {
	t.Parallel()

	d := newDatabases(t)
	made := d.database(in{"manageMasterUserPassword": nil, "password": "12345678"})
	assert.True(t, made.Outputs["password"].IsSecret(), "whatever the program says")

	_, err := d.aws.TryUpdate(made, d.inputs(in{"manageMasterUserPassword": nil, "password": "1234/678"}))
	require.ErrorContains(t, err, "InvalidParameterValue")
	assert.NotContains(t, err.Error(), "1234/678", "no error has it")
}

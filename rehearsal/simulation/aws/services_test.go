package aws_test

import (
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestRole(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	east, west := e.AWS("us-east-1"), e.AWS("us-west-2")
	role := east.Create(roleType, "deploy", in{"assumeRolePolicy": document, "path": "/ci/"})
	assert.Regexp(t, `^deploy-[0-9a-f]{7}$`, role.ID)
	outputs(t, role, map[string]string{
		"name": role.ID, "arn": "arn:aws:iam::123456789012:role/ci/" + role.ID, "uniqueId": "AROA[0-9A-F]{17}",
	})
	made, err := time.Parse(time.RFC3339, role.Text("createDate"))
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), made, time.Minute)
	assert.Equal(t, role.ID, west.Read(role).ID, "IAM is the same in all regions")
	refuses(t, west, roleType, map[string]in{
		"EntityAlreadyExists: Role with name " + role.ID + " already exists.": {
			"name": role.ID, "assumeRolePolicy": document,
		},
		"assumeRolePolicy: got {, expected JSON": {"assumeRolePolicy": "{"},
	})
	prefixed := east.Create(roleType, "p", in{"namePrefix": "ci-", "assumeRolePolicy": document})
	assert.Regexp(t, `^ci-[0-9a-f]{26}$`, prefixed.Text("name"))
	assert.Equal(t, []string{"path"}, east.Diff(role, in{"assumeRolePolicy": document}).GetReplaces())
}

func TestPoliciesGivenAsObjects(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	role := aws.Create(roleType, "r", in{"assumeRolePolicy": in{"Version": "2012-10-17", "Statement": []any{}}})
	assert.JSONEq(t, document, role.Text("assumeRolePolicy"))

	inputs, refused := aws.Check(roleType, "r", nil, enginetest.Values(in{
		"assumeRolePolicy": in{"Statement": enginetest.Unknown()},
	}))
	assert.Empty(t, refused)
	assert.True(t, inputs["assumeRolePolicy"].IsComputed())
	inputs, _ = aws.Check(roleType, "r", nil, enginetest.Values(in{
		"assumeRolePolicy": in{"Statement": resource.MakeSecret(resource.NewStringProperty("s"))},
	}))
	assert.True(t, inputs["assumeRolePolicy"].IsSecret())
}

func TestRolesWithPoliciesCannotBeDeleted(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	role := aws.Create(roleType, "role", in{"assumeRolePolicy": document})
	policy := aws.Create(policyType, "policy", in{"policy": document, "name": "p"})
	outputs(t, policy, map[string]string{
		"arn": "arn:aws:iam::123456789012:policy/p", "policyId": "ANPA[0-9A-F]{17}", "name": "p",
	})
	assert.Equal(t, policy.ID, policy.Text("arn"))
	inline := aws.Create(inlineType, "inline", in{"role": role.ID, "policy": document, "name": "i"})
	assert.Equal(t, role.ID+":i", inline.ID)
	attached := aws.Create(attachType, "attached", in{"role": role.ID, "policyArn": policy.ID})
	managed := aws.Create(attachType, "managed", in{
		"role": role.ID, "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
	})

	refuses(t, aws, attachType, map[string]in{
		"NoSuchEntity: Policy arn:aws:iam::123456789012:policy/no does not exist or is not att": {
			"role": role.ID, "policyArn": "arn:aws:iam::123456789012:policy/no",
		},
		"NoSuchEntity: The role with name nobody cannot be found.": {
			"role": "nobody", "policyArn": policy.ID,
		},
	})
	refuses(t, aws, policyType, map[string]in{
		"EntityAlreadyExists: A policy called p": {"name": "p", "policy": document},
	})
	refuses(t, aws, inlineType, map[string]in{
		"MalformedPolicyDocument": {"role": role.ID, "policy": "{}"},
		"NoSuchEntity":            {"role": "nobody", "policy": document},
	})

	require.ErrorContains(t, aws.Delete(policy), "DeleteConflict: Cannot delete a policy attached to entities")
	require.NoError(t, aws.Delete(inline))
	require.ErrorContains(t, aws.Delete(role), "DeleteConflict: Cannot delete entity, must delete or "+
		"detach its policies first: "+role.ID+"-")
	require.NoError(t, aws.Delete(attached))
	require.NoError(t, aws.Delete(managed))
	aws.Create(inlineType, "again", in{"role": role.ID, "policy": document})
	require.ErrorContains(t, aws.Delete(role), "DeleteConflict: Cannot delete entity, must delete or "+
		"detach its policies first: "+role.ID+":")
	require.NoError(t, aws.Delete(policy))
	declines(t, aws, roleType, map[string]in{
		"forceDetachPolicies true is not simulated": {"assumeRolePolicy": document, "forceDetachPolicies": true},
	})
}

func TestKeysAndAliases(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("eu-west-1")
	key := aws.Create(keyType, "key", in{"enableKeyRotation": true})
	assert.Regexp(t, `^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, key.ID)
	outputs(t, key, map[string]string{
		"arn": "arn:aws:kms:eu-west-1:123456789012:key/" + key.ID, "keyId": key.ID, "policy": `.*123456789012:root.*`,
	})

	other := aws.Create(keyType, "other", in{})
	alias := aws.Create(aliasType, "alias", in{"name": "alias/app", "targetKeyId": key.Text("arn")})
	assert.Equal(t, "alias/app", alias.ID)
	outputs(t, alias, map[string]string{"arn": "arn:aws:kms:eu-west-1:123456789012:alias/app"})
	assert.Regexp(t, `^alias/named-[0-9a-f]{7}$`, aws.Create(aliasType, "named", in{"targetKeyId": key.ID}).ID)
	refuses(t, aws, aliasType, map[string]in{
		"AlreadyExistsException: An alias with the name arn:aws:kms:eu-west-1:123456789012:alias/app already exists": {
			"name": "alias/app", "targetKeyId": key.ID,
		},
		"NotFoundException: Key 'nothing' does not exist": {"name": "alias/x", "targetKeyId": "nothing"},
		"name: got app,": {"name": "app", "targetKeyId": key.ID},
	})
	refuses(t, aws, keyType, map[string]in{
		"deletionWindowInDays: got 5, expected 7 to 30": {"deletionWindowInDays": 5},
		"MalformedPolicyDocumentException":              {"policy": "{}"},
	})
	aws.Update(alias, in{"name": "alias/app", "targetKeyId": other.ID})
	require.NoError(t, aws.Delete(other))
	assert.Empty(t, aws.Read(alias).ID, "aliases are deleted with their key")
	assert.Equal(
		t, []string{"keyUsage"}, aws.Diff(key, in{"enableKeyRotation": true, "keyUsage": "SIGN_VERIFY"}).GetReplaces(),
	)
}

func TestLogGroups(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	group := aws.Create(logType, "logs", in{"name": "/aws/eks/x/cluster", "retentionInDays": 7})
	assert.Equal(t, "/aws/eks/x/cluster", group.ID)
	outputs(t, group, map[string]string{
		"arn": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/eks/x/cluster", "logGroupClass": "STANDARD",
	})

	closed := aws.Create(keyType, "closed", in{})
	open := aws.Create(keyType, "open", in{
		"policy": `{"Statement":[{"Principal":{"Service":"logs.us-east-1.amazonaws.com"}}]}`,
	})
	refuses(t, aws, logType, map[string]in{
		"ResourceAlreadyExistsException: The specified log group already exists: /aws": {"name": "/aws/eks/x/cluster"},
		"retentionInDays: got 8, expected one of 0, 1, 3":                              {"retentionInDays": 8},
		"AccessDeniedException: The specified KMS key does not exist or is not allow":  {"kmsKeyId": closed.Text("arn")},
		"AccessDeniedException: The specified KMS key does not exist":                  {"kmsKeyId": "arn:nothing"},
	})
	encrypted := aws.Create(logType, "encrypted", in{"kmsKeyId": open.Text("arn")})
	assert.Regexp(t, `^encrypted-[0-9a-f]{7}$`, encrypted.ID)
	e.AWS("us-west-2").Create(logType, "logs", in{"name": "/aws/eks/x/cluster"})
	assert.Equal(t, []string{"name"}, aws.Diff(group, in{"name": "other", "retentionInDays": 7}).GetReplaces())
}

func TestZonesAndRecords(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	network := aws.Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	west := e.AWS("us-west-2").Create(vpcType, "net", in{"cidrBlock": "10.0.0.0/16"})
	zone := aws.Create(zoneType, "zone", in{"name": "sandbox.msur-vpc.com", "vpcs": []any{in{"vpcId": network.ID}}})
	assert.Regexp(t, `^Z[0-9A-F]{20}$`, zone.ID)
	outputs(t, zone, map[string]string{"zoneId": zone.ID, "arn": "arn:aws:route53:::hostedzone/" + zone.ID})

	public := aws.Create(zoneType, "public", in{"name": "example.com"})
	refuses(t, aws, zoneType, map[string]in{
		"InvalidVPCId: The VPC: " + west.ID + " that you provided": {"name": "x", "vpcs": []any{in{"vpcId": west.ID}}},
	})

	record := aws.Create(recordType, "rds", in{
		"zoneId": zone.ID, "name": "rds", "type": "CNAME", "ttl": 60, "records": []any{"a", "b"},
	})
	assert.Equal(t, zone.ID+"_rds_CNAME", record.ID)
	assert.Equal(t, "rds.sandbox.msur-vpc.com", record.Text("fqdn"))

	full := aws.Create(recordType, "full", in{
		"zoneId": zone.ID, "name": "x.sandbox.msur-vpc.com", "type": "A", "records": []any{"10.0.0.1"},
	})
	assert.Equal(t, "x.sandbox.msur-vpc.com", full.Text("fqdn"))

	apex := aws.Create(recordType, "apex", in{"zoneId": public.ID, "name": "", "type": "TXT", "records": []any{"x"}})
	assert.Equal(t, "example.com", apex.Text("fqdn"))
	refuses(t, aws, recordType, map[string]in{
		"InvalidChangeBatch: [Tried to create resource record set [name='rds.sandbox.msur-vpc.com.', type='CNAME'] but": {
			"zoneId": zone.ID, "name": "rds.sandbox.msur-vpc.com", "type": "CNAME", "records": []any{"c"},
		},
		"type: got B, expected one of A": {
			"zoneId": zone.ID, "name": "y", "type": "B", "records": []any{"c"},
		},
		"NoSuchHostedZone: No hosted zone found with ID: ZNO": {
			"zoneId": "ZNO", "name": "y", "type": "A", "records": []any{"c"},
		},
	})
	assert.Empty(t, aws.Diff(record, in{
		"zoneId": zone.ID, "name": "rds", "type": "CNAME", "ttl": 60, "records": []any{"b", "a"},
	}).GetDiffs())
	require.ErrorContains(t, aws.Delete(zone), "HostedZoneNotEmpty")
	require.NoError(t, aws.Delete(apex))
	require.NoError(t, aws.Delete(public))
}

func TestBuckets(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("eu-central-1")
	bucket := aws.Create(bucketType, "State", in{})
	assert.Regexp(t, `^state-[0-9a-f]{7}$`, bucket.ID)
	outputs(t, bucket, map[string]string{
		"arn": "arn:aws:s3:::" + bucket.ID, "region": "eu-central-1",
		"bucketRegionalDomainName": bucket.ID + `\.s3\.eu-central-1\.amazonaws\.com`,
	})
	assert.Regexp(t, `^logs-[0-9a-f]{26}$`, aws.Create(bucketType, "l", in{"bucketPrefix": "logs-"}).ID)
}

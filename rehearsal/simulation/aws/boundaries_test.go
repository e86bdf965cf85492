package aws_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestAcceptedKeys(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	accepts(t, aws, keyType, map[string]in{
		"the shortest window": {"deletionWindowInDays": 7},
		"the longest window":  {"deletionWindowInDays": 30},
		"its own policy":      {"policy": document},
	})
	refuses(t, aws, keyType, map[string]in{
		"deletionWindowInDays: got 6":  {"deletionWindowInDays": 6},
		"deletionWindowInDays: got 31": {"deletionWindowInDays": 31},
		"policy: got {, expected JSON": {"policy": "{"},
	})

	key := aws.Create(keyType, "key", in{})
	accepts(t, aws, aliasType, map[string]in{
		"a name":          {"name": "alias/app", "targetKeyId": key.ID},
		"a prefix":        {"namePrefix": "alias/app-", "targetKeyId": key.ID},
		"near a reserved": {"name": "alias/awsome", "targetKeyId": key.ID},
	})
	refuses(t, aws, aliasType, map[string]in{
		"name: got alias/":     {"name": "alias/", "targetKeyId": key.ID},
		"namePrefix: got app-": {"namePrefix": "app-", "targetKeyId": key.ID},
	})
	elsewhere := enginetest.Start(t, "").AWS("eu-west-1")
	refuses(t, elsewhere, aliasType, map[string]in{
		"NotFoundException: Key '" + key.ID: {"name": "alias/a", "targetKeyId": key.ID},
	})
}

func TestUpdatedKeysAreChecked(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	key := aws.Create(keyType, "key", in{})
	_, err := aws.TryUpdate(key, in{"policy": "no"})
	require.ErrorContains(t, err, "policy: got no, expected JSON")
	assert.Equal(t, key.Text("policy"), aws.Read(key).Text("policy"))

	updated := aws.Update(key, in{"policy": document, "description": "d", "enableKeyRotation": true})
	outputs(t, updated, map[string]string{"policy": `\{"Statement":\[\],.*\}`, "description": "d", "arn": key.Text("arn")})
}

func TestAcceptedRetentions(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	for _, days := range []int{0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653} {
		_, err := aws.TryCreate(logType, "logs", in{"retentionInDays": days, "namePrefix": "l-"})
		require.NoError(t, err, days)
	}

	for _, days := range []int{-1, 2, 31, 366, 3654} {
		_, err := aws.TryCreate(logType, "logs", in{"retentionInDays": days, "namePrefix": "l-"})
		require.ErrorContains(t, err, "retentionInDays: got", days)
	}

	everywhere := aws.Create(keyType, "open", in{
		"policy": `{"Statement":[{"Principal":{"Service":"logs.amazonaws.com"}}]}`,
	})
	elsewhere := aws.Create(keyType, "far", in{
		"policy": `{"Statement":[{"Principal":{"Service":"logs.eu-west-1.amazonaws.com"}}]}`,
	})
	accepts(t, aws, logType, map[string]in{"a key for all regions": {"kmsKeyId": everywhere.Text("arn")}})
	refuses(t, aws, logType, map[string]in{"AccessDeniedException": {"kmsKeyId": elsewhere.Text("arn")}})
	refuses(t, aws, logType, map[string]in{"AccessDeniedException: ": {"kmsKeyId": everywhere.ID}})
}

func TestAcceptedRecords(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	zone := aws.Create(zoneType, "zone", in{"name": "example.com"})
	record := func(change in) in {
		inputs := in{"zoneId": zone.ID, "name": "www", "type": "A", "records": []any{"192.0.2.1"}}
		maps.Copy(inputs, change)

		return inputs
	}
	aws.Create(recordType, "first", record(nil))
	accepts(t, aws, recordType, map[string]in{
		"another type":   record(in{"type": "AAAA"}),
		"another name":   record(in{"name": "api"}),
		"a service name": record(in{"name": "_https._tcp", "type": "SRV"}),
	})
	refuses(t, aws, recordType, map[string]in{
		"InvalidChangeBatch: [Tried to create resource record set [name='www.ex": record(nil),
		"type: got a, expected one of A, AAAA":                                   record(in{"type": "a"}),
	})

	for name, want := range map[string]string{
		"deep.er":          "deep.er.example.com",
		"dot.example.com.": "dot.example.com",
		"notexample.com":   "notexample.com.example.com",
	} {
		assert.Equal(t, want, aws.Create(recordType, name, record(in{"name": name})).Text("fqdn"), name)
	}
}

func TestAcceptedPolicies(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	own := aws.Create(policyType, "own", in{"policy": document, "name": "own", "path": "/team/"})
	assert.Equal(t, "arn:aws:iam::123456789012:policy/team/own", own.ID)
	assert.Equal(t, "own", own.Text("name"), "without the path")
	accepts(t, aws, roleType, map[string]in{
		"its policies": {"name": "a", "assumeRolePolicy": document, "managedPolicyArns": []any{
			own.ID, "arn:aws:iam::aws:policy/ReadOnlyAccess",
		}},
		"a path": {"name": "b", "assumeRolePolicy": document, "path": "/team/"},
	})
	refuses(t, aws, roleType, map[string]in{
		"NoSuchEntity: Policy arn:aws:iam::123456789012:policy/none was not found.": {
			"assumeRolePolicy": document, "managedPolicyArns": []any{"arn:aws:iam::123456789012:policy/none"},
		},
		"MalformedPolicyDocument: The policy in assumeRolePolicy": {"assumeRolePolicy": `{"Version":"2012-10-17"}`},
	})
	refuses(t, aws, policyType, map[string]in{"policy: got [], expected a policy document": {"policy": "[]"}})
	require.ErrorContains(t, aws.Delete(own), "DeleteConflict: Cannot delete a policy attached to entities: "+own.ID)
	assert.Equal(t, []string{"description"}, aws.Diff(own, in{
		"policy": document, "name": "own", "path": "/team/", "description": "d",
	}).GetReplaces())
	assert.Empty(t, aws.Diff(own, in{
		"policy": `{"Statement":[1]}`, "name": "own", "path": "/team/",
	}).GetReplaces(), "a new version of it")
}

func TestPolicyAttachmentsAreDistinct(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	role := aws.Create(roleType, "role", in{"assumeRolePolicy": document})
	policy := in{"role": role.ID, "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
	first, second := aws.Create(attachType, "a", policy), aws.Create(attachType, "b", policy)
	assert.Regexp(t, "^"+role.ID+"-[0-9a-f]{26}$", first.ID)
	assert.NotEqual(t, first.ID, second.ID)
	assert.Equal(t, []string{"policyArn"}, aws.Diff(first, in{
		"role": role.ID, "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
	}).GetReplaces())
}

func TestAcceptedBuckets(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	aws := e.AWS("us-east-1")
	made := aws.Create(bucketType, "a", in{"bucket": "state"})
	updated := aws.Update(made, in{"bucket": "state", "tags": in{"a": "b"}})
	assert.Equal(t, "state", updated.ID, "it does not conflict with itself")
	assert.Equal(t, []string{"bucket"}, aws.Diff(made, in{"bucket": "other"}).GetReplaces())
	assert.False(t, aws.Diff(made, in{"bucket": "other"}).GetDeleteBeforeReplace())
}

func TestGeneratedNamesSurviveUpdatesAndRefreshes(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")

	for token, inputs := range map[string]in{
		roleType: {"assumeRolePolicy": document}, bucketType: {}, logType: {}, policyType: {"policy": document},
	} {
		t.Run(token, func(t *testing.T) {
			made := aws.Create(token, "made", inputs)
			assert.Empty(t, aws.Diff(made, inputs).GetDiffs())
			assert.Empty(t, aws.Diff(aws.Read(made), inputs).GetDiffs(), "the account records the generated name")
			assert.Equal(t, made.ID, aws.Update(made, inputs).ID)
		})
	}

	_, refused := aws.Check(roleType, "a-name-that-is-much-too-long-for-a-role-as-iam-limits-them-to-64", nil,
		enginetest.Values(in{"assumeRolePolicy": document}))
	require.Len(t, refused, 1)
	assert.Contains(t, refused[0], roleType+": naming a-name-that-is-much-too-long")
	assert.Contains(t, refused[0], "set name")
}

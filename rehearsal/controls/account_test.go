package controls_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	managed    = "aws:iam/policy:Policy"
	oidc       = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	repository = "aws:ecr/repository:Repository"
	bucketType = "aws:s3/bucketV2:BucketV2"
	bucket     = "state-bucket"
	encryption = "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2"
	public     = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
)

// account reads the graph of the account's project. Tests change it, so each reads its own.
func account(t *testing.T) controls.Environment {
	t.Helper()

	const file = "infra/bootstrap/account/testdata/account.json"

	environment, err := controls.ReadGolden(os.DirFS("../.."), file, time.Time{})
	require.NoError(t, err)

	return environment
}

// accountOnly asserts that a control does not apply to environments.
func accountOnly(t *testing.T, id string) {
	t.Helper()

	for name, environment := range readGoldens(t) {
		assert.Equal(t, controls.NotApplicable, finding(t, environment, id).Result, "%s in %s", id, name)
	}
}

// violation is a change that violates a control, and the resource that the evidence names.
type violation struct {
	name   string
	mutate mutation
}

// checkAccount asserts that a control passes in the account, and fails with each violation.
func checkAccount(t *testing.T, id string, violations map[string]violation) {
	t.Helper()

	found := finding(t, account(t), id)
	assert.Equal(t, controls.Pass, found.Result, "%s: %s", id, found.Reason)
	assert.NotEmpty(t, found.Evidence, "%s has evidence", id)

	for description, test := range violations {
		t.Run(description, func(t *testing.T) {
			t.Parallel()

			environment := account(t)
			test.mutate(&environment)
			assertFails(t, environment, id, test.name)
		})
	}
}

// replace replaces a string in an input of the resource.
func replace(resourceType, name, input, old, replacement string) violation {
	return violation{name, func(environment *controls.Environment) {
		for _, r := range environment.State.Resources {
			if string(r.Type) == resourceType && r.URN.Name() == name {
				text, _ := r.Inputs[input].(string)
				r.Inputs[input] = strings.ReplaceAll(text, old, replacement)
			}
		}
	}}
}

func TestA1NoStarsNoServiceWideWildcardsNoPrivilegeEscalation(t *testing.T) {
	t.Parallel()

	const name, action = "access-images", `"ecr:GetAuthorizationToken"`

	// allow allows an action on all resources.
	allow := func(other string) violation { return replace(managed, name, "policy", action, `"`+other+`"`) }
	// createRole allows the creation of roles under conditions.
	createRole := func(conditions string) violation {
		return violation{name, set(managed, name, "policy", `{"Statement": [
			{"Effect": "Allow", "Action": "iam:CreateRole", "Resource": "*", "Condition": {`+conditions+`}}]}`)}
	}

	violations := map[string]violation{
		"no JSON":                     {name, set(managed, name, "policy", "all")},
		"everything":                  allow("*"),
		"any action of any service":   allow("*:*"),
		"a whole service":             allow("s3:*"),
		"all but one action":          replace(managed, name, "policy", `"Action"`, `"NotAction"`),
		"roles without a boundary":    createRole(""),
		"another condition":           createRole(`"StringNotEquals": {"iam:PermissionsBoundary": "b"}`),
		"one of two boundaries":       createRole(`"StringEquals": {"iam:PermissionsBoundary": ["b", "c"]}`),
		"roles by a pattern":          allow("iam:Put*"),
		"a whole service, by letters": allow("s3:?*"),
		"all roles but one": {name, set(managed, name, "policy", `{"Statement": [
			{"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::1:role/a"}]}`)},
		"a single statement": {name, set(managed, name, "policy", `{"Statement":
			{"Effect": "Allow", "Action": "*", "Resource": "*"}}`)},
		"capital letters":   allow("IAM:CREATEROLE"),
		"passing any role":  allow("iam:PassRole"),
		"assuming any role": allow("sts:AssumeRole"),
		"a boundary only if there is one": replace(managed, "access-deploy-identity", "policy",
			"StringEquals", "StringEqualsIfExists"),
		"no boundary": replace(managed, "access-boundary", "policy", `"Effect":"Deny"`, `"Effect":"Allow"`),
	}
	for _, action := range []string{
		"CreatePolicyVersion", "SetDefaultPolicyVersion", "DeleteRolePermissionsBoundary", "CreateAccessKey",
		"AttachUserPolicy", "AddUserToGroup", "UpdateLoginProfile",
	} {
		violations[action] = allow("iam:" + action)
	}

	checkAccount(t, "A1", violations)
}

func TestA1ChecksTheRolesOfEnvironments(t *testing.T) {
	t.Parallel()

	const everything = `{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`

	passes(t, "A1")
	fails(t, "A1", "network-flow-logs", set("aws:iam/rolePolicy:RolePolicy", "network-flow-logs", "policy", everything))
	fails(t, "A1", "app-flights", set(role, "app-flights", "inlinePolicies", []any{object{"policy": everything}}))
	fails(t, "A1", "app-flights", set(role, "app-flights", "managedPolicyArns",
		[]any{"arn:aws:iam::aws:policy/AdministratorAccess"}))
	fails(t, "A1", "app-flights", add(attachment, "more", object{
		"role": "staging-flights-flights", "policyArn": "arn:aws:iam::aws:policy/AmazonRDSFullAccess",
	}))
}

func TestA2NoLongLivedKeysWorkflowsUseOIDCWithARoleForEachPurpose(t *testing.T) {
	t.Parallel()

	const (
		github, deploy, preview = "access-github", "access-deploy", "access-preview"
		issuer                  = "token.actions.githubusercontent.com"
		anyone                  = `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`
	)

	trust := func(name, old, replacement string) violation {
		return replace(role, name, "assumeRolePolicy", old, replacement)
	}

	accountOnly(t, "A2")
	checkAccount(t, "A2", map[string]violation{
		"a user":                       {"user", add("aws:iam/user:User", "user", object{})},
		"a key":                        {"key", add("aws:iam/accessKey:AccessKey", "key", object{})},
		"a token for another audience": {github, set(oidc, github, "clientIdLists", []any{"sts.amazonaws.com", "x"})},
		"another issuer":               {github, set(oidc, github, "url", "https://gitlab.com")},
		"anyone too":                   trust(deploy, `"Statement":[`, `"Statement":[{"Effect":"Allow","Principal":"*"},`),
		"anyone instead":               {deploy, set(role, deploy, "assumeRolePolicy", anyone)},
		"an account too": trust(deploy, `"Statement":[`,
			`"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::210987654321:root"}},`),
		"no JSON":                   {deploy, set(role, deploy, "assumeRolePolicy", "anyone")},
		"another audience":          trust(deploy, `"sts.amazonaws.com"`, `"sigstore"`),
		"no audience":               trust(deploy, issuer+":aud", issuer+":actor"),
		"no subject":                trust(deploy, issuer+":sub", issuer+":actor"),
		"other repositories":        trust(deploy, "msur/platform", "msur/*"),
		"other organizations":       trust(deploy, "repo:msur", "repo:*"),
		"any subject":               {deploy, trustsLike("*")},
		"any tag":                   {deploy, trustsLike("ref:refs/tags/*")},
		"any branch":                {deploy, trustsLike("ref:refs/heads/*")},
		"names alone":               trust(deploy, "msur@100000001/platform@200000002", "msur/platform"),
		"ids alone":                 trust(deploy, "msur/platform", "msur@1/platform@2"),
		"pull requests that deploy": trust(deploy, "environment:sandbox", "pull_request"),
		"pull requests that write":  replace(managed, preview, "policy", "s3:GetObject", "s3:PutObject"),
		"pull requests with all but some actions": replace(managed, preview, "policy", `"Action"`, `"NotAction"`),
		"pull requests with a policy of AWS": {preview, add(attachment, "more", object{
			"policyArn": "arn:aws:iam::aws:policy/PowerUserAccess",
		}, role+"::"+preview)},
		"pull requests with a role policy": {preview, add("aws:iam/rolePolicy:RolePolicy", "more", object{
			"policy": `{"Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}`,
		}, role+"::"+preview)},
		"pull requests with a replaced attachment": {preview, set(attachment, "access-preview-has-preview",
			"policyArn", "arn:aws:iam::aws:policy/PowerUserAccess")},
		"pull requests with an inline policy": {preview, set(role, preview, "inlinePolicies", []any{object{
			"policy": `{"Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}`,
		}})},
		"pull requests without known policies": {preview, remove(attachment, "access-preview")},
	})
}

func TestA2AllowsAPatternOfTags(t *testing.T) {
	t.Parallel()

	environment := account(t)
	trustsLike("ref:refs/tags/v*")(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "A2").Result)
}

func TestA4ImagesAreScannedOnPushAndTagsAreImmutable(t *testing.T) {
	t.Parallel()

	const name = "images-flights"

	accountOnly(t, "A4")
	checkAccount(t, "A4", map[string]violation{
		"not scanned":          {name, set(repository, name, "imageScanningConfiguration", object{"scanOnPush": false})},
		"scanning unset":       {name, set(repository, name, "imageScanningConfiguration", nil)},
		"mutable tags":         {name, set(repository, name, "imageTagMutability", "MUTABLE")},
		"kept forever":         {name, remove("aws:ecr/lifecyclePolicy:LifecyclePolicy", name)},
		"lifecycle of another": {name, set("aws:ecr/lifecyclePolicy:LifecyclePolicy", name, "repository", "platform/other")},
	})
}

func TestA5StateBucketsAreVersionedEncryptedPrivateTLSOnlyAndProtected(t *testing.T) {
	t.Parallel()

	const versioning, closed = "aws:s3/bucketVersioningV2:BucketVersioningV2", "aws:s3/bucketPolicy:BucketPolicy"

	edit := func(old, replacement string) violation {
		return replace(closed, "state-closed", "policy", old, replacement)
	}
	byDefault := func(value object) []any {
		return []any{object{"applyServerSideEncryptionByDefault": value}}
	}

	accountOnly(t, "A5")
	checkAccount(t, "A5", map[string]violation{
		"not protected":             {bucket, unprotected(bucketType)},
		"deleted with its contents": {bucket, set(bucketType, bucket, "forceDestroy", true)},
		"not versioned":             {bucket, remove(versioning, "")},
		"no longer versioned": {"state-versions", set(versioning, "state-versions", "versioningConfiguration",
			object{"status": "Suspended"})},
		"not encrypted": {bucket, remove(encryption, "")},
		"encrypted with a key of S3": {"state-encryption", set(encryption, "state-encryption", "rules",
			byDefault(object{"sseAlgorithm": "AES256"}))},
		"AWS's key": {"state-encryption", set(encryption, "state-encryption", "rules",
			byDefault(object{"sseAlgorithm": "aws:kms"}))},
		"an unknown key": {"state-encryption", remove(kmsKey, "")},
		"a key that is only a dependency": {"state-encryption", set(encryption, "state-encryption", "rules",
			byDefault(object{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "alias/aws/s3"}))},
		"denied to all but some":           edit(`"Principal":{"AWS":"*"}`, `"NotPrincipal":{"AWS":"*"}`),
		"not private":                      {bucket, remove(public, "")},
		"public by an access control list": {"state-private", set(public, "state-private", "ignorePublicAcls", nil)},
		"no policy":                        {bucket, remove(closed, "")},
		"plain HTTP":                       edit("aws:SecureTransport", "aws:ViaAWSService"),
		"denied to some":                   edit(`{"AWS":"*"}`, `{"AWS":"arn:aws:iam::123456789012:root"}`),
		"denied for objects only":          edit(`"arn:aws:s3:us-east-1:123456789012:BucketV2-state-bucket",`, ""),
		"denied for reading only":          edit("s3:*", "s3:GetObject"),
		"another bucket's policy":          {bucket, set(closed, "state-closed", "bucket", "other")},
		"allowed to anyone": edit(`"Statement":[`,
			`"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"},`),
	})
}

// trustsLike makes the role that deploys trust subjects by a pattern.
func trustsLike(pattern string) mutation {
	const name = "access-deploy"

	return func(environment *controls.Environment) {
		for _, change := range []violation{
			replace(role, name, "assumeRolePolicy", `"token.actions.githubusercontent.com:aud":["sts.amazonaws.com"],`,
				`"token.actions.githubusercontent.com:aud":["sts.amazonaws.com"]},"StringLike":{`),
			replace(role, name, "assumeRolePolicy", "environment:sandbox", pattern),
			replace(role, name, "assumeRolePolicy", "environment:staging", pattern),
		} {
			change.mutate(environment)
		}
	}
}

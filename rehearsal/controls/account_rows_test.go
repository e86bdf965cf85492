package controls_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

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

// account reads the graph of the account's own project, freshly for each test: tests break it.
func account(t *testing.T) controls.Environment {
	t.Helper()

	return controls.Environment{State: readGraph(t, "../../infra/bootstrap/account/testdata/account.json")}
}

// notOfEnvironments asserts that to an environment, which has nothing of the kind, a control does not apply.
func notOfEnvironments(t *testing.T, id string) {
	t.Helper()

	for name := range environments() {
		assert.Equal(t, controls.NotApplicable, finding(t, golden(t, name), id).Result, "%s in %s", id, name)
	}
}

// broken is an account that is broken, and the resource that tells.
type broken struct {
	name   string
	mutate func(*controls.Environment)
}

// ofAccounts asserts that the account satisfies a control, and that each broken one fails it.
func ofAccounts(t *testing.T, id string, breaks map[string]broken) {
	t.Helper()

	found := finding(t, account(t), id)
	assert.Equal(t, controls.Pass, found.Result, "%s: %s", id, found.Reason)
	assert.NotEmpty(t, found.Evidence, "%s has evidence", id)

	for what, test := range breaks {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			environment := account(t)
			test.mutate(&environment)
			fails(t, environment, id, test.name)
		})
	}
}

// change replaces a text in an input of the resource.
func change(resourceType, name, input, old, replaced string) broken {
	return broken{name, func(environment *controls.Environment) {
		for _, r := range environment.State.Resources {
			if string(r.Type) == resourceType && r.URN.Name() == name {
				text, _ := r.Inputs[input].(string)
				r.Inputs[input] = strings.ReplaceAll(text, old, replaced)
			}
		}
	}}
}

func TestA1(t *testing.T) {
	t.Parallel()

	const name, about = "access-images", `"ecr:GetAuthorizationToken"`

	// says has a policy that allows an action on everything.
	says := func(action string) broken { return change(managed, name, "policy", about, `"`+action+`"`) }
	// bound has a policy that lets roles be made, within what the condition says.
	bound := func(conditions string) broken {
		return broken{name, set(managed, name, "policy", `{"Statement": [
			{"Effect": "Allow", "Action": "iam:CreateRole", "Resource": "*", "Condition": {`+conditions+`}}]}`)}
	}

	breaks := map[string]broken{
		"no document":          {name, set(managed, name, "policy", "all")},
		"everything":           says("*"),
		"anything of any":      says("*:*"),
		"a whole service":      says("s3:*"),
		"all but":              change(managed, name, "policy", `"Action"`, `"NotAction"`),
		"a role for anybody":   bound(""),
		"another condition":    bound(`"StringNotEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:policy/b"}`),
		"one of two":           bound(`"StringEquals": {"iam:PermissionsBoundary": ["b", "c"]}`),
		"roles by a pattern":   says("iam:Put*"),
		"a service by letters": says("s3:?*"),
		"all roles but one": {name, set(managed, name, "policy", `{"Statement": [
			{"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::1:role/a"}]}`)},
		"one statement by itself": {name, set(managed, name, "policy", `{"Statement":
			{"Effect": "Allow", "Action": "*", "Resource": "*"}}`)},
		"capitals do not help": says("IAM:CREATEROLE"),
		"any role passed on":   says("iam:PassRole"),
		"any role assumed":     says("sts:AssumeRole"),
		"no boundary for itself": change(managed, "access-deploy-identity", "policy",
			"StringEquals", "StringEqualsIfExists"),
		"a limit that is none": change(managed, "access-boundary", "policy", `"Effect":"Deny"`, `"Effect":"Allow"`),
	}
	for _, action := range []string{
		"CreatePolicyVersion", "SetDefaultPolicyVersion", "DeleteRolePermissionsBoundary", "CreateAccessKey",
		"AttachUserPolicy", "AddUserToGroup", "UpdateLoginProfile",
	} {
		breaks[action] = says("iam:" + action)
	}

	ofAccounts(t, "A1", breaks)
}

// An environment's roles have policies of their own.
func TestA1OfEnvironments(t *testing.T) {
	t.Parallel()

	const everything = `{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`

	holds(t, "A1")
	breaks(t, "A1", "network-flow-logs", set("aws:iam/rolePolicy:RolePolicy", "network-flow-logs", "policy", everything))
	breaks(t, "A1", "app-flights", set(role, "app-flights", "inlinePolicies", []any{object{"policy": everything}}))
	breaks(t, "A1", "app-flights", set(role, "app-flights", "managedPolicyArns",
		[]any{"arn:aws:iam::aws:policy/AdministratorAccess"}))
	breaks(t, "A1", "app-flights", add(attachment, "more", object{
		"role": "staging-flights-flights", "policyArn": "arn:aws:iam::aws:policy/AmazonRDSFullAccess",
	}))
}

func TestA2(t *testing.T) {
	t.Parallel()

	const (
		github, deploy, preview = "access-github", "access-deploy", "access-preview"
		issuer                  = "token.actions.githubusercontent.com"
		anybody                 = `{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`
	)

	trust := func(name, old, replaced string) broken { return change(role, name, "assumeRolePolicy", old, replaced) }

	notOfEnvironments(t, "A2")
	ofAccounts(t, "A2", map[string]broken{
		"a user":              {"someone", add("aws:iam/user:User", "someone", map[string]any{})},
		"a key":               {"key", add("aws:iam/accessKey:AccessKey", "key", map[string]any{})},
		"a token for another": {github, set(oidc, github, "clientIdLists", []any{"sts.amazonaws.com", "x"})},
		"who is not GitHub":   {github, set(oidc, github, "url", "https://gitlab.com")},
		"anybody too":         trust(deploy, `"Statement":[`, `"Statement":[{"Effect":"Allow","Principal":"*"},`),
		"anybody instead":     {deploy, set(role, deploy, "assumeRolePolicy", anybody)},
		"an account too": trust(deploy, `"Statement":[`,
			`"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::210987654321:root"}},`),
		"what cannot be read":       {deploy, set(role, deploy, "assumeRolePolicy", "anybody")},
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
		"pull requests that write":  change(managed, preview, "policy", "s3:GetObject", "s3:PutObject"),
		"pull requests of all but":  change(managed, preview, "policy", `"Action"`, `"NotAction"`),
		"pull requests by a policy of AWS": {preview, add(attachment, "more", map[string]any{
			"policyArn": "arn:aws:iam::aws:policy/PowerUserAccess",
		}, role+"::"+preview)},
		"pull requests by a policy of their own": {preview, add("aws:iam/rolePolicy:RolePolicy", "more", map[string]any{
			"policy": `{"Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}`,
		}, role+"::"+preview)},
		"pull requests by a policy that waits for another": {preview, set(attachment, "access-preview-has-preview",
			"policyArn", "arn:aws:iam::aws:policy/PowerUserAccess")},
		"pull requests by a policy within": {preview, set(role, preview, "inlinePolicies", []any{map[string]any{
			"policy": `{"Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}`,
		}})},
		"pull requests of unknown powers": {preview, remove(attachment, "access-preview")},
	})
}

func TestTagsMayEndAsTheyLike(t *testing.T) {
	t.Parallel()

	environment := account(t)
	trustsLike("ref:refs/tags/v*")(&environment)
	assert.Equal(t, controls.Pass, finding(t, environment, "A2").Result)
}

func TestA4(t *testing.T) {
	t.Parallel()

	const name = "images-flights"

	notOfEnvironments(t, "A4")
	ofAccounts(t, "A4", map[string]broken{
		"not scanned":   {name, set(repository, name, "imageScanningConfiguration", map[string]any{"scanOnPush": false})},
		"nothing said":  {name, set(repository, name, "imageScanningConfiguration", nil)},
		"names move":    {name, set(repository, name, "imageTagMutability", "MUTABLE")},
		"kept for ever": {name, remove("aws:ecr/lifecyclePolicy:LifecyclePolicy", name)},
		"another's end": {name, set("aws:ecr/lifecyclePolicy:LifecyclePolicy", name, "repository", "platform/other")},
	})
}

func TestA5(t *testing.T) {
	t.Parallel()

	const versioning, closed = "aws:s3/bucketVersioningV2:BucketVersioningV2", "aws:s3/bucketPolicy:BucketPolicy"

	says := func(old, replaced string) broken { return change(closed, "state-closed", "policy", old, replaced) }
	byDefault := func(value map[string]any) []any {
		return []any{map[string]any{"applyServerSideEncryptionByDefault": value}}
	}

	notOfEnvironments(t, "A5")
	ofAccounts(t, "A5", map[string]broken{
		"not protected": {bucket, unprotected(bucketType)},
		"emptied first": {bucket, set(bucketType, bucket, "forceDestroy", true)},
		"not versioned": {bucket, remove(versioning, "")},
		"no longer versioned": {"state-versions", set(versioning, "state-versions", "versioningConfiguration",
			map[string]any{"status": "Suspended"})},
		"not encrypted": {bucket, remove(encryption, "")},
		"encrypted by S3": {"state-encryption", set(encryption, "state-encryption", "rules",
			byDefault(map[string]any{"sseAlgorithm": "AES256"}))},
		"AWS's key": {"state-encryption", set(encryption, "state-encryption", "rules",
			byDefault(map[string]any{"sseAlgorithm": "aws:kms"}))},
		"somebody's key": {"state-encryption", remove(kmsKey, "")},
		"a key that is only waited for": {"state-encryption", set(encryption, "state-encryption", "rules",
			byDefault(map[string]any{"sseAlgorithm": "aws:kms", "kmsMasterKeyId": "alias/aws/s3"}))},
		"for all but some":  says(`"Principal":{"AWS":"*"}`, `"NotPrincipal":{"AWS":"*"}`),
		"not private":       {bucket, remove(public, "")},
		"public by a list":  {"state-private", set(public, "state-private", "ignorePublicAcls", nil)},
		"no policy":         {bucket, remove(closed, "")},
		"plain HTTP":        says("aws:SecureTransport", "aws:ViaAWSService"),
		"for some":          says(`{"AWS":"*"}`, `{"AWS":"arn:aws:iam::123456789012:root"}`),
		"for what is in it": says(`"arn:aws:s3:us-east-1:123456789012:BucketV2-state-bucket",`, ""),
		"only reading":      says("s3:*", "s3:GetObject"),
		"another bucket's":  {bucket, set(closed, "state-closed", "bucket", "other")},
		"anybody":           says(`[{"Action"`, `[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject"},{"Action"`),
	})
}

// trustsLike has the role that deploys trust subjects by a pattern.
func trustsLike(pattern string) func(*controls.Environment) {
	const name = "access-deploy"

	return func(environment *controls.Environment) {
		for _, edit := range []broken{
			change(role, name, "assumeRolePolicy", `"token.actions.githubusercontent.com:aud":["sts.amazonaws.com"],`,
				`"token.actions.githubusercontent.com:aud":["sts.amazonaws.com"]},"StringLike":{`),
			change(role, name, "assumeRolePolicy", "environment:sandbox", pattern),
			change(role, name, "assumeRolePolicy", "environment:staging", pattern),
		} {
			edit.mutate(environment)
		}
	}
}

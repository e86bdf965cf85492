package controls_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

func TestA3KeysRotateAndHaveAnExplicitPrivatePolicy(t *testing.T) {
	t.Parallel()

	const key, name = "aws:kms/key:Key", "encryption-key"

	passes(t, "A3")
	fails(t, "A3", name, set(key, name, "enableKeyRotation", false))

	with := func(statements ...string) mutation {
		return set(key, name, "policy", `{"Statement":[`+strings.Join(statements, ",")+`]}`)
	}

	const (
		root   = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*"}`
		groups = `"arn:aws:logs:us-east-1:123456789012:log-group:staging-*"`
	)

	logs := func(patterns string) string {
		return `{"Effect":"Allow","Principal":{"Service":"logs.us-east-1.amazonaws.com"},"Action":["kms:Encrypt"],` +
			`"Condition":{"ArnLike":{"kms:EncryptionContext:aws:logs:arn":` + patterns + `}}}`
	}
	bounded := logs(groups)
	everyone := func(effect string) string { return `{"Effect":"` + effect + `","Principal":"*","Action":"kms:*"}` }
	deny := func(allowed string) string { return strings.Replace(allowed, "Allow", "Deny", 1) }

	allowed := map[string]mutation{
		"strings":         with(root, bounded),
		"lists":           with(strings.Replace(root, `"kms:*"`, `["kms:*"]`, 1), logs("["+groups+"]")),
		"everyone denied": with(root, bounded, everyone("Deny")),
		"root denied too": with(root, bounded, deny(root)),
	}
	for description, mutate := range allowed {
		passesWith(t, "A3", description, mutate)
	}

	fails(t, "A3", name, set(key, name, "policy", ""))
	fails(t, "A3", name, with(bounded))
	fails(t, "A3", name, with(deny(root), bounded))
	fails(t, "A3", name, with(strings.Replace(root, "kms:*", "kms:Decrypt", 1), bounded))
	fails(t, "A3", name, with(strings.Replace(root, ":root", ":user/root", 1), bounded))
	fails(t, "A3", name, with(root, bounded, everyone("Allow")))
	fails(t, "A3", name, with(root, bounded, strings.Replace(everyone("Allow"), "Principal", "NotPrincipal", 1)))
	fails(t, "A3", name, with(root))
	fails(t, "A3", name, with(root, deny(bounded)))

	for _, patterns := range []string{
		`[]`, `"*"`, `"arn:aws:logs:*"`, `"arn:aws:logs:us-east-1:*:log-group:staging-*"`,
		`"arn:aws:logs:us-east-1:123456789012:*"`, `"arn:aws:logs:us-east-1:123456789012:log-group:*"`,
		`[` + groups + `,"*"]`,
	} {
		fails(t, "A3", name, with(root, logs(patterns)))
	}
}

// The key of the states encrypts no log group, so its policy need not admit the logs service.
func TestA3ChecksTheAccountsKey(t *testing.T) {
	t.Parallel()

	found := finding(t, account(t), "A3")
	assert.Equal(t, controls.Pass, found.Result, found.Reason)

	environment := account(t)
	set(kmsKey, "state-key", "enableKeyRotation", false)(&environment)
	assertFails(t, environment, "A3", "state-key")

	environment = account(t)
	add(logGroup, "logs", object{"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:Key-state-key"},
		kmsKey+"::state-key")(&environment)
	assertFails(t, environment, "A3", "state-key")
}

package controls_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

func TestA3(t *testing.T) {
	t.Parallel()

	const key, name = "aws:kms/key:Key", "encryption-key"

	holds(t, "A3")
	breaks(t, "A3", name, set(key, name, "enableKeyRotation", false))

	with := func(statements ...string) func(*controls.Environment) {
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
	bound := logs(groups)
	everyone := func(effect string) string { return `{"Effect":"` + effect + `","Principal":"*","Action":"kms:*"}` }
	denied := func(allowed string) string { return strings.Replace(allowed, "Allow", "Deny", 1) }

	passes := map[string]func(*controls.Environment){
		"texts":           with(root, bound),
		"lists":           with(strings.Replace(root, `"kms:*"`, `["kms:*"]`, 1), logs("["+groups+"]")),
		"everyone denied": with(root, bound, everyone("Deny")),
		"root denied too": with(root, bound, denied(root)),
	}
	for what, mutate := range passes {
		environment := golden(t, "staging")
		mutate(&environment)
		assert.Equal(t, controls.Pass, finding(t, environment, "A3").Result, what)
	}

	breaks(t, "A3", name, set(key, name, "policy", ""))
	breaks(t, "A3", name, with(bound))
	breaks(t, "A3", name, with(denied(root), bound))
	breaks(t, "A3", name, with(strings.Replace(root, "kms:*", "kms:Decrypt", 1), bound))
	breaks(t, "A3", name, with(strings.Replace(root, ":root", ":user/root", 1), bound))
	breaks(t, "A3", name, with(root, bound, everyone("Allow")))
	breaks(t, "A3", name, with(root, bound, strings.Replace(everyone("Allow"), "Principal", "NotPrincipal", 1)))
	breaks(t, "A3", name, with(root))
	breaks(t, "A3", name, with(root, denied(bound)))

	for _, patterns := range []string{
		`[]`, `"*"`, `"arn:aws:logs:*"`, `"arn:aws:logs:us-east-1:*:log-group:staging-*"`,
		`"arn:aws:logs:us-east-1:123456789012:*"`, `"arn:aws:logs:us-east-1:123456789012:log-group:*"`,
		`[` + groups + `,"*"]`,
	} {
		breaks(t, "A3", name, with(root, logs(patterns)))
	}
}

// The key of the states encrypts no log groups, and the logs service need not be let in.
func TestA3OfAnAccount(t *testing.T) {
	t.Parallel()

	found := finding(t, account(t), "A3")
	assert.Equal(t, controls.Pass, found.Result, found.Reason)

	environment := account(t)
	set(kmsKey, "state-key", "enableKeyRotation", false)(&environment)
	fails(t, environment, "A3", "state-key")

	environment = account(t)
	add(logGroup, "logs", map[string]any{"kmsKeyId": "arn:aws:kms:us-east-1:123456789012:Key-state-key"},
		kmsKey+"::state-key")(&environment)
	fails(t, environment, "A3", "state-key")
}

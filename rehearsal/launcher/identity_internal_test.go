package launcher

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/simulation/aws"
)

func TestTheIdentityIsTheOneThatTheSettingsExpect(t *testing.T) {
	t.Parallel()

	const (
		a, b        = "210987654321", "345678901234"
		certificate = "platform:ingress: {certificateArn: 'arn:aws-cn:acm:cn-north-1:" + a + ":certificate/x'}\n"
		role        = "role/platform-deploy"
	)

	for name, test := range map[string]struct {
		settings, account, role string
		want                    aws.Identity
	}{
		"nothing":        {"{}", "", "", aws.DefaultIdentity()},
		"an account":     {"aws:allowedAccountIds: ['" + a + "', '" + b + "']", "", "", aws.Identity{Account: a, Principal: role}},
		"without quotes": {"aws:allowedAccountIds: [" + a + "]", "", "", aws.Identity{Account: a, Principal: role}},
		"no account":     {"aws:allowedAccountIds: [mine]", "", "", aws.DefaultIdentity()},
		"a certificate":  {certificate, "", "", aws.Identity{Account: a, Principal: role}},
		"the certificate's of two accounts": {
			certificate + "aws:allowedAccountIds: ['" + b + "', '" + a + "']", "", "", aws.Identity{Account: a, Principal: role},
		},
		"an account that is not the certificate's": {
			certificate + "aws:allowedAccountIds: ['" + b + "']", "", "", aws.Identity{Account: b, Principal: role},
		},
		"the first admin": {
			"platform:cluster: {admins: [role/team/Developer, user/me]}", "", "",
			aws.Identity{Account: "123456789012", Principal: "role/team/Developer"},
		},
		"an admin with an account": {
			"platform:cluster: {admins: ['arn:aws-us-gov:iam::" + a + ":user/me']}", "", "",
			aws.Identity{Account: a, Principal: "user/me"},
		},
		"the first admin in the account": {
			"aws:allowedAccountIds: ['" + b + "']\nplatform:cluster: {admins: ['arn:aws:iam::" + a + ":user/me', role/B]}", "", "",
			aws.Identity{Account: b, Principal: "role/B"},
		},
		"another ARN": {
			"platform:cluster: {addons: {a: {role: {policies: ['arn:aws:iam::aws:policy/A', 'arn:aws:iam::" + a + ":policy/B']}}}}",
			"", "", aws.Identity{Account: a, Principal: role},
		},
		"the user's": {
			certificate + "platform:cluster: {admins: [role/A]}", b, "user/me", aws.Identity{Account: b, Principal: "user/me"},
		},
		"an admin that is none": {"platform:cluster: {admins: [me]}", "", "", aws.DefaultIdentity()},
	} {
		var settings map[string]any

		require.NoError(t, yaml.Unmarshal([]byte(test.settings), &settings), name)

		got, err := identify(Options{Account: test.account, Role: test.role}, settings)
		require.NoError(t, err, name)
		assert.Equal(t, test.want, got, name)
	}
}

func TestAnIdentityThatAWSLacksIsRefused(t *testing.T) {
	t.Parallel()

	_, err := identify(Options{Account: "1234"}, nil)
	require.ErrorContains(t, err, `ACCOUNT is "1234"`)

	_, err = identify(Options{Role: "Developer"}, nil)
	require.ErrorContains(t, err, `ROLE is "Developer"`)
}

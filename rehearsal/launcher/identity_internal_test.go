package launcher

import (
	"cmp"
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
	)

	for name, test := range map[string]struct {
		settings string
		account  string
		role     string
		want     aws.Identity
	}{
		"nothing":        {settings: "{}"},
		"an account":     {settings: "aws:allowedAccountIds: ['" + a + "', '" + b + "']", want: aws.Identity{Account: a}},
		"without quotes": {settings: "aws:allowedAccountIds: [" + a + "]", want: aws.Identity{Account: a}},
		"no account":     {settings: "aws:allowedAccountIds: [mine]"},
		"a certificate":  {settings: certificate, want: aws.Identity{Account: a}},
		"the certificate's of two accounts": {
			settings: certificate + "aws:allowedAccountIds: ['" + b + "', '" + a + "']", want: aws.Identity{Account: a},
		},
		"an account that is not the certificate's": {
			settings: certificate + "aws:allowedAccountIds: ['" + b + "']", want: aws.Identity{Account: b},
		},
		"the first admin": {
			settings: "platform:cluster: {admins: [role/team/Developer, user/me]}",
			want:     aws.Identity{Principal: "role/team/Developer"},
		},
		"an admin with an account": {
			settings: "platform:cluster: {admins: ['arn:aws-us-gov:iam::" + a + ":user/me']}",
			want:     aws.Identity{Account: a, Principal: "user/me"},
		},
		"the first admin in the account": {
			settings: "aws:allowedAccountIds: ['" + b + "']\n" +
				"platform:cluster: {admins: ['arn:aws:iam::" + a + ":user/me', role/B]}",
			want: aws.Identity{Account: b, Principal: "role/B"},
		},
		"another ARN": {
			settings: "platform:cluster: {addons: {a: {role: {policies: " +
				"['arn:aws:iam::aws:policy/A', 'arn:aws:iam::" + a + ":policy/B']}}}}",
			want: aws.Identity{Account: a},
		},
		"the user's": {
			settings: certificate + "platform:cluster: {admins: [role/A]}", account: b, role: "user/me",
			want: aws.Identity{Account: b, Principal: "user/me"},
		},
		"an admin that is none": {settings: "platform:cluster: {admins: [me]}"},
	} {
		var settings map[string]any

		require.NoError(t, yaml.Unmarshal([]byte(test.settings), &settings), name)

		got, err := identify(Options{Account: test.account, Role: test.role}, settings)
		require.NoError(t, err, name)
		assert.Equal(t, cmp.Or(test.want.Account, "123456789012"), got.Account, name)
		assert.Equal(t, cmp.Or(test.want.Principal, "role/platform-deploy"), got.Principal, name)
	}
}

func TestAnIdentityThatAWSLacksIsRefused(t *testing.T) {
	t.Parallel()

	_, err := identify(Options{Account: "1234"}, nil)
	require.ErrorContains(t, err, `ACCOUNT is "1234"`)

	_, err = identify(Options{Role: "Developer"}, nil)
	require.ErrorContains(t, err, `ROLE is "Developer"`)
}

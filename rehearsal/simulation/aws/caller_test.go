package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestSessionContext(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	caller, _, err := aws.Invoke("aws:index/getCallerIdentity:getCallerIdentity", nil)
	require.NoError(t, err)

	self := caller["arn"].StringValue()

	for arn, want := range map[string]in{
		self: {
			"issuerArn": deployer, "issuerName": "platform-deploy", "issuerId": "AROAREHEARSALROLE0000",
			"sessionName": "rehearsal",
		},
		"arn:aws:sts::210987654321:assumed-role/other/me@example.com": {
			"issuerArn": "arn:aws:iam::210987654321:role/other", "issuerName": "other", "issuerId": "",
			"sessionName": "me@example.com",
		},
		person: {"issuerArn": person, "issuerName": "", "issuerId": "", "sessionName": ""},
		"arn:aws:iam::123456789012:user/me": {
			"issuerArn": "arn:aws:iam::123456789012:user/me", "issuerName": "", "issuerId": "", "sessionName": "",
		},
	} {
		answer, refused, err := aws.Invoke("aws:iam/getSessionContext:getSessionContext", in{"arn": arn})
		require.NoError(t, err)
		require.Empty(t, refused)
		assert.Equal(t, changed(want, in{"arn": arn, "id": arn}), answer.Mappable())
	}

	assert.Equal(t, "AROAREHEARSALROLE0000:rehearsal", caller["userId"].StringValue())
}

func TestTheCallerIsThePrincipalOfTheCredentials(t *testing.T) {
	t.Parallel()

	for principal, want := range map[string]string{
		"role/team/Developer": "arn:aws-cn:sts::210987654321:assumed-role/Developer/rehearsal",
		"user/people/me":      "arn:aws-cn:iam::210987654321:user/people/me",
	} {
		china := enginetest.StartAs(t, aws.Identity{Account: "210987654321", Principal: principal}).AWS("cn-north-1")

		caller, _, err := china.Invoke("aws:index/getCallerIdentity:getCallerIdentity", nil)
		require.NoError(t, err)
		assert.Equal(t, want, caller["arn"].StringValue())
		assert.Equal(t, "210987654321", caller["accountId"].StringValue())

		session, _, err := china.Invoke("aws:iam/getSessionContext:getSessionContext", in{"arn": want})
		require.NoError(t, err)
		assert.Equal(t, "arn:aws-cn:iam::210987654321:"+principal, session["issuerArn"].StringValue(), "with the path")
	}
}

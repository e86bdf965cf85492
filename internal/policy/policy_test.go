package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/internal/policy"
)

func TestDocument(t *testing.T) {
	t.Parallel()

	text, err := policy.JSON(
		policy.Statement{
			SID: "TLSOnly", Deny: true, Principal: map[string]string{"AWS": "*"},
			Actions: []string{"s3:*"}, Resources: []string{"arn:aws:s3:::b"},
			Conditions: policy.Conditions{"Bool": {"aws:SecureTransport": {"false"}}},
		},
		policy.Statement{Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/*"}},
	)
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"Version": "2012-10-17",
		"Statement": [
			{
				"Sid": "TLSOnly",
				"Effect": "Deny",
				"Principal": {"AWS": "*"},
				"Action": ["s3:*"],
				"Resource": ["arn:aws:s3:::b"],
				"Condition": {"Bool": {"aws:SecureTransport": ["false"]}}
			},
			{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::b/*"]}
		]
	}`, text)
}

func TestWhiteSpaceDoesNotMatter(t *testing.T) {
	t.Parallel()

	assert.Equal(t, 7, policy.Size(" {\n\t\"a\": é}\r\n"))
}

package policy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/internal/policy"
)

func TestDocument(t *testing.T) {
	t.Parallel()

	text, err := policy.JSON(
		policy.Statement{
			SID:       "Trust",
			Principal: map[string]string{"Service": "vpc-flow-logs.amazonaws.com"},
			Actions:   []string{"sts:AssumeRole"},
			Conditions: policy.Conditions{
				"StringEquals": {"aws:SourceAccount": {"123456789012"}},
				"ArnLike":      {"aws:SourceArn": {"arn:aws:ec2:b", "arn:aws:ec2:a"}},
			},
		},
		policy.Statement{Actions: []string{"logs:PutLogEvents"}, Resources: []string{"arn:aws:logs:x"}},
	)
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"Version": "2012-10-17",
		"Statement": [
			{
				"Sid": "Trust",
				"Effect": "Allow",
				"Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
				"Action": ["sts:AssumeRole"],
				"Condition": {
					"StringEquals": {"aws:SourceAccount": ["123456789012"]},
					"ArnLike": {"aws:SourceArn": ["arn:aws:ec2:b", "arn:aws:ec2:a"]}
				}
			},
			{"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": ["arn:aws:logs:x"]}
		]
	}`, text)
}

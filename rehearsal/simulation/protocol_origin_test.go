package simulation_test

import (
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

func TestRefusalsEndWithTheSettingsOfTheirValue(t *testing.T) {
	t.Parallel()

	const group = "aws:rds/parameterGroup:ParameterGroup"

	var refusals []string

	aws := enginetest.StartWithSettings(t, func(refusal, value string) string {
		refusals = append(refusals, refusal)

		return map[string]string{"0": "the value of connections", "1000000": "the value of retention"}[value]
	}).AWS("us-east-1")

	for token, inputs := range map[string]in{
		group: {"family": "mysql8.4", "parameters": []any{
			in{"name": "wait_timeout", "value": "60"}, in{"name": "max_connections", "value": "0"},
		}},
		"aws:cloudwatch/logGroup:LogGroup": {"retentionInDays": 1000000},
		vpcType:                            {"cidrBlock": "10.0.0.0/8"},
	} {
		response, err := aws.Client.Check(t.Context(), &pulumirpc.CheckRequest{
			Urn: enginetest.URN(token, "x"), News: enginetest.Struct(t, enginetest.Values(inputs)), RandomSeed: make([]byte, 32),
		})
		require.NoError(t, err)
		require.Len(t, response.GetFailures(), 1, token)

		failure := response.GetFailures()[0]

		switch token {
		case group:
			assert.Equal(t, "parameters[1].value", failure.GetProperty())
			assert.Regexp(t, `max_connections.* \(the value of connections\)$`, failure.GetReason())
		case vpcType:
			assert.NotContains(t, failure.GetReason(), "the value of")
		default:
			assert.Contains(t, failure.GetReason(), "(the value of retention)")
		}
	}

	assert.Len(t, refusals, 3)
}

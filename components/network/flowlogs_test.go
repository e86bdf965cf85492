package network_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/scope"
)

func TestFlowLogsRecordAllTraffic(t *testing.T) {
	t.Parallel()

	run(t).One(t, flowLogType, "network-flow-logs").
		Under("network").
		Refers("vpcId", vpcType, "network-vpc").
		Has("trafficType", "ALL").
		Refers("logDestination", logGroupType, "network-flow-logs").
		Refers("iamRoleArn", roleType, "network-flow-logs")
}

func TestFlowLogsRecordTheChosenTraffic(t *testing.T) {
	t.Parallel()

	run(t, func(args *network.Args) { args.FlowLogTraffic = network.TrafficReject }).
		One(t, flowLogType, "network-flow-logs").Has("trafficType", "REJECT")
}

func TestAnExistingLogGroupIsImported(t *testing.T) {
	t.Parallel()

	name := network.LogGroupName("sandbox")

	run(t).One(t, logGroupType, "network-flow-logs").Has("name", name).Imported("")
	run(t, func(args *network.Args) { args.ExistingLogGroups = []string{name} }).
		One(t, logGroupType, "network-flow-logs").Imported(name)
}

func TestFlowLogsStartWithTheirPermissions(t *testing.T) {
	t.Parallel()

	run(t).One(t, flowLogType, "network-flow-logs").DependsOn(rolePolicyType + "::network-flow-logs")
}

func TestFlowLogsAreEncryptedAndExpire(t *testing.T) {
	t.Parallel()

	for _, days := range []int{retentionOfTheTest, 90} {
		run(t, func(args *network.Args) { args.LogRetentionDays = days }).
			One(t, logGroupType, "network-flow-logs").
			Under("network").
			Has("name", "sandbox-network-flow-logs").
			Has("retentionInDays", days).
			Has("kmsKeyId", keyARN)
	}
}

func TestOnlyFlowLogsOfTheAccountHaveTheRole(t *testing.T) {
	t.Parallel()

	run(t).One(t, roleType, "network-flow-logs").
		Under("network").
		Has("name", "sandbox-network-flow-logs").
		JSON("assumeRolePolicy", `{
			"Version": "2012-10-17",
			"Statement": [{
				"Sid": "FlowLogsOfThisAccount",
				"Effect": "Allow",
				"Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
				"Action": ["sts:AssumeRole"],
				"Condition": {
					"StringEquals": {"aws:SourceAccount": ["123456789012"]},
					"ArnLike": {"aws:SourceArn": ["arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/*"]}
				}
			}]
		}`)
}

// CreateLogGroup must not be among the actions: the service would recreate the group after `destroy`.
func TestTheRoleCanOnlyWriteToItsLogGroup(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, rolePolicyType, "network-flow-logs").
		Under("network").
		Refers("role", roleType, "network-flow-logs").
		JSON("policy", `{
			"Version": "2012-10-17",
			"Statement": [
				{
					"Sid": "WriteToTheGroup",
					"Effect": "Allow",
					"Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
					"Resource": [
						"arn:aws:logs:us-east-1:123456789012:log-group:sandbox-network-flow-logs",
						"arn:aws:logs:us-east-1:123456789012:log-group:sandbox-network-flow-logs:*"
					]
				},
				{
					"Sid": "FindTheGroup",
					"Effect": "Allow",
					"Action": ["logs:DescribeLogGroups"],
					"Resource": ["arn:aws:logs:us-east-1:123456789012:log-group:*"]
				}
			]
		}`)
	assert.Len(t, g.All(rolePolicyType), 1)
}

func TestPoliciesOfFlowLogsHaveThePartitionAndTheAccount(t *testing.T) {
	t.Parallel()

	role, granted := "", ""

	g := run(t, func(args *network.Args) {
		args.Place = scope.Place{Partition: "aws-cn", Region: "cn-north-1", AccountID: "210987654321"}
	})
	for _, r := range g.All(roleType) {
		role = r.Inputs["assumeRolePolicy"].StringValue()
	}

	for _, r := range g.All(rolePolicyType) {
		granted = r.Inputs["policy"].StringValue()
	}

	assert.Contains(t, role, `"arn:aws-cn:ec2:cn-north-1:210987654321:vpc-flow-log/*"`)
	assert.Contains(t, granted, `"arn:aws-cn:logs:cn-north-1:210987654321:log-group:*"`)
	assert.Contains(t, granted, `"arn:aws-cn:logs:cn-north-1:210987654321:log-group:sandbox-network-flow-logs:*"`)
	assert.NotContains(t, role+granted, "arn:aws:")
}

package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeFlowLog = "aws:ec2/flowLog:FlowLog"

func flowLogKinds() []behaviour.Kind {
	return []behaviour.Kind{flowLog()}
}

// flowLog can only be replaced, its tags apart.
func flowLog() behaviour.Kind {
	return behaviour.Kind{
		Type: typeFlowLog, Title: "EC2 Flow Log", Service: "EC2",
		Verbs: behaviour.Verbs{Create: "CreateFlowLogs", Update: "CreateTags", Delete: "DeleteFlowLogs"},
		ID:    behaviour.Hex("fl-"),
		Defaults: map[string]any{
			"logDestinationType": "cloud-watch-logs", "maxAggregationInterval": 600,
		},
		Computed: []behaviour.Output{
			ec2ARN("vpc-flow-log"), tagsAll(),
			{Name: "logGroupName", Make: destinationName},
			behaviour.Constant("logFormat",
				"${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} "+
					"${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"),
		},
		ForceNew: []string{
			"deliverCrossAccountRole", "destinationOptions", "eniId", "iamRoleArn", "logDestination", "logDestinationType",
			"logFormat", "logGroupName", "maxAggregationInterval", "subnetId", "trafficType", "transitGatewayAttachmentId",
			"transitGatewayId", "vpcId",
		},
		References: []behaviour.Reference{
			{Property: "vpcId", Types: []string{typeVPC}, OnDelete: behaviour.Ignore},
			{Property: "subnetId", Types: []string{typeSubnet}, OnDelete: behaviour.Ignore},
			{
				Property: "iamRoleArn", Types: []string{typeRole}, By: []string{"arn"}, OnDelete: behaviour.Ignore,
				Missing: missing("InvalidParameter", "The IAM role %s does not exist or cannot be assumed"),
			},
		},
		Checks:  []func(*behaviour.Call) error{checkFlowLog},
		Missing: missing("InvalidFlowLogId.NotFound", "These flow log ids in the input list are not found: [%s]"),
	}
}

func checkFlowLog(c *behaviour.Call) error {
	if given(c, []string{"eniId", "subnetId", "transitGatewayAttachmentId", "transitGatewayId", "vpcId"}) != 1 {
		return refuse("InvalidParameter", "exactly one resource to log must be specified")
	}

	if c.Text("logDestinationType") == "cloud-watch-logs" && c.Text("iamRoleArn") == "" {
		return refuse("InvalidParameter",
			"DeliverLogsPermissionArn is required for the log destination type cloud-watch-logs")
	}

	return nil
}

// destinationName is the log group's name, out of its ARN.
func destinationName(c *behaviour.Call) any {
	_, name, found := strings.Cut(c.Text("logDestination"), ":log-group:")
	if !found {
		return ""
	}

	return name
}

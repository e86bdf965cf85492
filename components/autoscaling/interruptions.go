package autoscaling

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/sqs"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/policy"
)

const interruptions = "interruptions"

// queueName is the name of the queue that Karpenter reads.
func queueName(environment string) string { return prefix(environment) + "-" + interruptions }

// interruptions creates a queue with EC2's announcements that an instance will end, so that Karpenter moves its pods
// before. An announcement is worthless after the two minutes that EC2 grants a spot instance; Karpenter's own template
// keeps it for five.
func (b *builder) interruptions() (*sqs.Queue, error) {
	const keptSeconds = 300

	access, err := policy.JSON(b.queueAccess()...)
	if err != nil {
		return nil, fmt.Errorf("policy of the queue: %w", err)
	}

	queue, err := sqs.NewQueue(b.Ctx, b.Logical(interruptions), &sqs.QueueArgs{
		Name:                    pulumi.String(b.Physical(interruptions)),
		MessageRetentionSeconds: pulumi.Int(keptSeconds),
		SqsManagedSseEnabled:    pulumi.Bool(true),
		Policy:                  pulumi.String(access),
		Tags:                    b.Tags(interruptions),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("queue of interruptions: %w", err)
	}

	pattern, err := json.Marshal(map[string][]string{
		"source": {"aws.ec2", "aws.health"},
		"detail-type": {
			"AWS Health Event", "EC2 Spot Instance Interruption Warning", "EC2 Instance Rebalance Recommendation",
			"EC2 Instance State-change Notification", "EC2 Capacity Reservation Instance Interruption Warning",
		},
	})
	if err != nil {
		return nil, fmt.Errorf("pattern of interruptions: %w", err)
	}

	rule, err := cloudwatch.NewEventRule(b.Ctx, b.Logical(interruptions), &cloudwatch.EventRuleArgs{
		Name:         pulumi.String(b.Physical(interruptions)),
		Description:  pulumi.String("Events that end or endanger an instance, for Karpenter"),
		EventPattern: pulumi.String(pattern),
		Tags:         b.Tags(interruptions),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("rule for interruptions: %w", err)
	}

	_, err = cloudwatch.NewEventTarget(b.Ctx, b.Logical(interruptions), &cloudwatch.EventTargetArgs{
		Rule: rule.Name, TargetId: pulumi.String(interruptions), Arn: queue.Arn,
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("target of interruptions: %w", err)
	}

	return queue, nil
}

// queueAccess admits the one rule, and nobody without TLS.
func (b *builder) queueAccess() []policy.Statement {
	queue := []string{b.args.Place.ARN("sqs", queueName(b.args.Environment))}

	return []policy.Statement{
		{
			SID: "TheRule", Principal: policy.Service("events.amazonaws.com"), Actions: []string{"sqs:SendMessage"},
			Resources: queue,
			Conditions: policy.Conditions{
				"ArnEquals": {"aws:SourceArn": {b.args.Place.ARN("events", "rule/"+b.Physical(interruptions))}},
			},
		},
		{
			SID: "OnlyTLS", Deny: true, Principal: policy.Anybody(), Actions: []string{"sqs:*"}, Resources: queue,
			Conditions: policy.Conditions{"Bool": {"aws:SecureTransport": {"false"}}},
		},
	}
}

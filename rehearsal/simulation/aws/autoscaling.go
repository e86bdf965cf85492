package aws

import (
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeScalingAttachment = "aws:autoscaling/attachment:Attachment"

func autoscalingKinds() []behaviour.Kind {
	return []behaviour.Kind{scalingAttachment()}
}

// scalingAttachment puts the instances of a scaling group behind a target group. It is a
// part of the scaling group, which is its node group's, and goes with that; a target group
// may go before it.
func scalingAttachment() behaviour.Kind {
	return behaviour.Kind{
		Type: typeScalingAttachment, Title: "Auto Scaling Attachment", Service: "Auto Scaling",
		Verbs: behaviour.Verbs{
			Create: "AttachLoadBalancerTargetGroups", Update: "AttachLoadBalancerTargetGroups",
			Delete: "DetachLoadBalancerTargetGroups",
		},
		ID: func(c *behaviour.Call) (string, error) {
			return c.Text("autoscalingGroupName") + "-" + c.Digits(26), nil
		},
		ForceNew: []string{"autoscalingGroupName", "elb", "lbTargetGroupArn"},
		References: []behaviour.Reference{
			{
				Property: "autoscalingGroupName", Types: []string{typeNodeGroup},
				By: []string{"resources.autoscalingGroups.name"}, OnDelete: behaviour.Cascade,
				Missing: func(string) error {
					return refuse("ValidationError", "AutoScalingGroup name not found - null")
				},
			},
			{
				Property: "lbTargetGroupArn", Types: []string{typeTargetGroup}, OnDelete: behaviour.Ignore,
				Missing: func(string) error { return unfitTargets() },
			},
		},
		Checks:  []func(*behaviour.Call) error{checkScalingAttachment},
		Missing: missing("ValidationError", "Attachment %s not found"),
	}
}

func unfitTargets() error {
	return refuse("ValidationError",
		"Provided Target Groups may not be valid. Please ensure they exist and try again.")
}

// checkScalingAttachment wants a target group of instances.
func checkScalingAttachment(c *behaviour.Call) error {
	if isGiven(c, "elb") {
		return fail("elb of Auto Scaling Attachments is not simulated")
	}

	if !isGiven(c, "lbTargetGroupArn") {
		return fail("one of `elb,lb_target_group_arn` must be specified")
	}

	if group, _ := c.Get(typeTargetGroup, c.Text("lbTargetGroupArn")); group.Text("targetType") != targetInstance {
		return unfitTargets()
	}

	return nil
}

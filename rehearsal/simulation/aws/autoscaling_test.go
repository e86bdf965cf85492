package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// scaled are balancers with a cluster's node group, and the name of its scaling group.
func scaled(t *testing.T) (*balancers, enginetest.Made, string) {
	t.Helper()
	b := newBalancers(t)
	b.cluster(nil)
	b.joinable()
	nodes := b.aws.Create(nodeGroupType, "n", b.nodes(nil))

	group := nodes.Outputs["resources"].ArrayValue()[0].ObjectValue()["autoscalingGroups"].ArrayValue()[0]

	return b, nodes, group.ObjectValue()["name"].StringValue()
}

func TestAttachment(t *testing.T) {
	t.Parallel()

	b, nodes, group := scaled(t)
	web := b.targets()
	attach := func(change in) in {
		return changed(in{"autoscalingGroupName": group, "lbTargetGroupArn": web.ID}, change)
	}
	made := b.aws.Create(attachmentType, "web", attach(nil))
	assert.Regexp(t, "^"+group+"-[0-9a-f]{26}$", made.ID)

	refuses(t, b.aws, attachmentType, complete(attach, map[string]in{
		"ValidationError: AutoScalingGroup name not found - null":  {"autoscalingGroupName": "eks-n"},
		"ValidationError: AutoScalingGroup name not found":         {"autoscalingGroupName": nodes.ID},
		"ValidationError: Provided Target Groups may not be valid": {"lbTargetGroupArn": noRole},
	}))
	accepts(t, b.aws, attachmentType, map[string]in{"again": attach(nil)})
	declines(t, b.aws, attachmentType, map[string]in{
		"elb is not simulated":                     {"autoscalingGroupName": group, "elb": "classic"},
		"one of `elb,lb_target_group_arn` must be": {"autoscalingGroupName": group},
	})

	for property, value := range attach(in{"autoscalingGroupName": "other", "lbTargetGroupArn": "other"}) {
		assert.Equal(t, []string{property}, b.aws.Diff(made, attach(in{property: value})).GetReplaces())
	}
}

func TestAttachmentsAreDeletedWithTheirNodeGroup(t *testing.T) {
	t.Parallel()

	b, nodes, group := scaled(t)
	web := b.targets()
	made := b.aws.Create(attachmentType, "web", in{"autoscalingGroupName": group, "lbTargetGroupArn": web.ID})
	b.aws.Update(nodes, b.nodes(in{"scalingConfig": scale(2, 3, 4)}))
	assert.NotEmpty(t, b.aws.Read(made).ID, "it cannot be deleted while they exist")

	require.NoError(t, b.aws.Delete(nodes))
	assert.Empty(t, b.Of(attachmentType))
	require.NoError(t, b.aws.Delete(made), "it is gone")
	require.NoError(t, b.aws.Delete(web))
}

func TestAttachmentsOutliveTheirTargetGroup(t *testing.T) {
	t.Parallel()

	b, _, group := scaled(t)
	web := b.targets()
	made := b.aws.Create(attachmentType, "web", in{"autoscalingGroupName": group, "lbTargetGroupArn": web.ID})
	require.NoError(t, b.aws.Delete(web))
	require.NoError(t, b.aws.Delete(made))
}

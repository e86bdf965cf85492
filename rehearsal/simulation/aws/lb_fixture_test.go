package aws_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	balancerType   = "aws:lb/loadBalancer:LoadBalancer"
	listenerType   = "aws:lb/listener:Listener"
	targetsType    = "aws:lb/targetGroup:TargetGroup"
	attachmentType = "aws:autoscaling/attachment:Attachment"

	certificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
)

// balancers is a site with what a load balancer needs before it.
type balancers struct {
	*site
}

func newBalancers(t *testing.T) *balancers {
	t.Helper()

	return &balancers{site: newSite(t)}
}

// inputs are those of a load balancer named front, with changes; nil takes a property away.
func (b *balancers) inputs(change in) in {
	inputs := changed(in{
		"name": "front", "loadBalancerType": "network", "subnets": []any{b.subnet.ID, b.second.ID},
		"securityGroups": []any{b.group.ID},
	}, change)
	for name, value := range inputs {
		if value == nil {
			delete(inputs, name)
		}
	}

	return inputs
}

func (b *balancers) balancer(change in) enginetest.Made {
	return b.aws.Create(balancerType, "front", b.inputs(change))
}

// targetInputs are those of a target group named web, with changes.
func (b *balancers) targetInputs(change in) in {
	return changed(in{"name": "web", "vpcId": b.vpc.ID, "protocol": "TCP", "port": 30080}, change)
}

func (b *balancers) targets(change in) enginetest.Made {
	return b.aws.Create(targetsType, "web", b.targetInputs(change))
}

// listens are the inputs of a listener of TCP, with changes.
func listens(balancer, targets enginetest.Made, change in) in {
	return changed(in{
		"loadBalancerArn": balancer.ID, "port": 80, "protocol": "TCP", "defaultActions": forward(targets.ID),
	}, change)
}

func forward(arn string) []any { return []any{in{"type": "forward", "targetGroupArn": arn}} }

// complete are the inputs of each case's change.
func complete(inputs func(in) in, changes map[string]in) map[string]in {
	result := map[string]in{}
	for name, change := range changes {
		result[name] = inputs(change)
	}

	return result
}

// acceptsEach creates each case's resource and deletes it again, for names that are taken
// once.
func acceptsEach(t *testing.T, provider *enginetest.Provider, token string, cases map[string]in) {
	t.Helper()

	for name, inputs := range cases {
		t.Run(name, func(t *testing.T) {
			made, err := provider.TryCreate(token, "accepted", inputs)
			require.NoError(t, err)
			require.NoError(t, provider.Delete(made))
		})
	}
}

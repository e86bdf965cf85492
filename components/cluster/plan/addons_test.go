package plan_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster/plan"
)

func TestEveryKnownMinorHasAVersionOfTheSameAddons(t *testing.T) {
	t.Parallel()

	for _, minor := range plan.Minors() {
		pinned := plan.Addons(minor)

		for _, addon := range []string{"coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni"} {
			assert.Regexp(t, `^v[0-9]+(\.[0-9]+){2}-eksbuild\.[0-9]+$`, pinned[addon], "%s of %s", addon, minor)
		}

		assert.Len(t, pinned, 5)
		assert.Contains(t, pinned["kube-proxy"], "v"+minor+".", "kube-proxy is of the cluster's minor")
	}

	assert.Empty(t, plan.Addons("1.20"))
}

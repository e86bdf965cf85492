package stacks_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// services returns the sandbox's settings with a number of services that use the stores, and with nodes for them.
func services(t *testing.T, count int, needs []string) map[string]string {
	t.Helper()

	apps := make(map[string]any)

	for i := range count {
		name := fmt.Sprintf("service-%d", i)
		apps[name] = map[string]any{"path": "/" + name, "needs": needs}
	}

	text, err := json.Marshal(apps)
	require.NoError(t, err)

	changes := withSetting(t, "platform:cluster.nodes.general", map[string]any{
		"capacity": "spot", "instanceTypes": []string{"t4g.medium", "t4g.large"},
		"min": 1 + count/10, "max": 2 + count/10,
	})
	maps.Copy(changes, map[string]string{"platform:apps": string(text)})

	return changes
}

// resources returns the number of resources of each type in a sandbox.
func resources(t *testing.T, changes map[string]string) map[string]int {
	t.Helper()

	counts := make(map[string]int)
	for _, r := range deploy(t, "sandbox", changes).Customs() {
		counts[r.Type]++
	}

	return counts
}

// Docs/scale.md computes the limits from these types: no other may grow.
func TestAnAdditionalServiceHasAtMostFiveResources(t *testing.T) {
	t.Parallel()

	const (
		namespace   = "kubernetes:core/v1:Namespace"
		role        = "aws:iam/role:Role"
		association = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
		user        = "aws:elasticache/user:User"
	)

	none, mysql, redis := []string{}, []string{"mysql"}, []string{"redis"}

	for name, test := range map[string]struct {
		needs []string
		added map[string]int
	}{
		"without a store": {none, map[string]int{namespace: 1}},
		"with MySQL":      {mysql, map[string]int{namespace: 1, role: 2, association: 2}},
		"with the cache":  {redis, map[string]int{namespace: 1, role: 1, association: 1, user: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			few := resources(t, services(t, 2, test.needs))

			for _, count := range []int{3, 20, 200} {
				sum, expected := 0, maps.Clone(few)
				for resourceType, each := range test.added {
					sum += each
					expected[resourceType] += each * (count - 2)
				}

				assert.Equal(t, expected, resources(t, services(t, count, test.needs)), "%d services", count)
				assert.LessOrEqual(t, sum, 5)
			}
		})
	}
}

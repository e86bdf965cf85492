package pool_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/autoscaling/pool"
	"github.com/msur/platform/internal/nodes"
)

func services() pool.Pool {
	return pool.Pool{InstanceFamilies: []string{"t4g", "m7g"}, MaxVCPUs: 16, MaxMemoryGiB: 64}
}

func TestAPoolNeedsOnlyFamiliesAndLimits(t *testing.T) {
	t.Parallel()

	assert.Empty(t, pool.Check(services()))

	complete := services().WithDefaults()
	assert.Equal(t, []nodes.Architecture{nodes.ARM64}, complete.Architectures())
	assert.Equal(t, []nodes.Capacity{nodes.OnDemand}, complete.Capacities)
	assert.Equal(t, 7, complete.MaxAgeDays, "a current image every week")
	assert.Equal(t, 1, complete.MaxDisrupted, "a zone at a time")
}

func TestMistakesInPools(t *testing.T) {
	t.Parallel()

	for path, change := range map[string]func(*pool.Pool){
		"capacities[0]":           func(p *pool.Pool) { p.Capacities = []nodes.Capacity{"SPOT"} },
		"capacities[1]":           func(p *pool.Pool) { p.Capacities = []nodes.Capacity{nodes.Spot, nodes.Spot} },
		"instanceFamilies[0]":     func(p *pool.Pool) { p.InstanceFamilies = nil },
		"instanceFamilies[1]":     func(p *pool.Pool) { p.InstanceFamilies = []string{"t4g", "t4g"} },
		"instanceFamilies[3]":     func(p *pool.Pool) { p.InstanceFamilies = []string{"t4g", "m7g", "c7g", "m7g.large"} },
		"instanceTypes":           func(p *pool.Pool) { p.InstanceTypes = []string{"m7g.large"} },
		"instanceTypes[0]":        func(p *pool.Pool) { p.InstanceFamilies, p.InstanceTypes = nil, []string{"m7g"} },
		"maxVcpus":                func(p *pool.Pool) { p.MaxVCPUs = 0 },
		"maxMemoryGiB":            func(p *pool.Pool) { p.MaxMemoryGiB = -1 },
		"maxAgeDays":              func(p *pool.Pool) { p.MaxAgeDays = -1 },
		"maxDisrupted":            func(p *pool.Pool) { p.MaxDisrupted = -1 },
		"consolidateAfterMinutes": func(p *pool.Pool) { p.ConsolidateAfterMinutes = -1 },
		`labels["a b"]`:           func(p *pool.Pool) { p.Labels = map[string]string{"a b": "c"} },
		"taints[0].effect":        func(p *pool.Pool) { p.Taints = []nodes.Taint{{Key: "a", Effect: "NO_SCHEDULE"}} },
	} {
		changed := services()
		change(&changed)

		var paths []string
		for _, problem := range pool.Check(changed) {
			paths = append(paths, problem.Path)
			assert.NotEmpty(t, problem.Expected, path)
		}

		assert.Equal(t, []string{path}, paths)
	}
}

func TestFamiliesDecideTheArchitectures(t *testing.T) {
	t.Parallel()

	mixed := pool.Pool{InstanceFamilies: []string{"m7i", "m7g", "t3", "unknown"}}
	assert.Equal(t, []nodes.Architecture{nodes.AMD64, nodes.ARM64}, mixed.Architectures())

	types := pool.Pool{InstanceTypes: []string{"c7g.xlarge"}}
	assert.Equal(t, []nodes.Architecture{nodes.ARM64}, types.Architectures())
}

func TestPoolsThatRepelPods(t *testing.T) {
	t.Parallel()

	assert.True(t, services().TakesAnyPod())

	tainted := services()
	tainted.Taints = []nodes.Taint{{Key: "a", Effect: nodes.NoSchedule}}
	assert.False(t, tainted.TakesAnyPod())
}

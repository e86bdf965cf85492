package main

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/state"
)

const root = "../.."

func TestTheDocumentIsUpToDate(t *testing.T) {
	t.Parallel()

	want, err := generate(os.DirFS(root))
	require.NoError(t, err)

	got, err := os.ReadFile(filepath.Join(root, target))
	require.NoError(t, err)
	assert.Equal(t, want, string(got), "run make derived")
}

// lastMeasured returns the committed figures.
func lastMeasured(t *testing.T) measurement {
	t.Helper()

	text, err := os.ReadFile(filepath.Join(root, figures))
	require.NoError(t, err)

	var m measurement
	require.NoError(t, json.Unmarshal(text, &m))
	require.NotEmpty(t, m.Sizes)

	return m
}

// Other resources of the environment may have changed since the measurement; those of services have not.
func TestTheMeasuredServicesAreTodays(t *testing.T) {
	t.Parallel()

	m := lastMeasured(t)
	require.NoError(t, m.check())

	sandbox, pair := sandbox(t), 0
	if len(sandbox.services) < 2 {
		t.Skip("the sandbox has no service of each kind")
	}

	for _, r := range sandbox.golden.Resources {
		if of(r, sandbox.services[mysql].name) || of(r, sandbox.services[redis].name) {
			pair++
		}
	}

	for _, f := range m.Sizes[1:] {
		first := m.Sizes[0]
		assert.Equal(t, pair*(f.Services-first.Services)/2, f.Resources-first.Resources,
			"resources of %d services: run make scale", f.Services)
	}
}

func TestAPlatformThatDoesNotScaleIsRefused(t *testing.T) {
	t.Parallel()

	sizes := func(resources int, cpu float64) measurement {
		return measurement{Sizes: []figure{
			{Services: 2, Resources: 100, Preview: usage{CPU: 1}},
			{Services: 200, Resources: resources, Preview: usage{CPU: cpu}},
		}}
	}

	require.NoError(t, sizes(100+5*198, 10.9*1.2).check())
	require.ErrorContains(t, sizes(100+5*198+1, 10.9).check(), "991 more resources")
	require.ErrorContains(t, sizes(100+5*198, 10.9*1.21).check(), "1.21 times")
}

// sandbox returns the sandbox.
func sandbox(t *testing.T) *platform {
	t.Helper()

	platforms, err := readPlatforms(os.DirFS(root))
	require.NoError(t, err)

	for i := range platforms {
		if platforms[i].name == "sandbox" {
			return &platforms[i]
		}
	}

	require.Fail(t, "no sandbox")

	return nil
}

// The needs of the services are those that apps/charttest computes.
func TestTheNeedsOfAService(t *testing.T) {
	t.Parallel()

	const rendered = `
kind: HorizontalPodAutoscaler
spec: {maxReplicas: 3}
---
kind: Deployment
spec:
  strategy: {rollingUpdate: {maxSurge: 1}}
  template:
    spec:
      containers:
        - env: [{name: MYSQL_MAX_CONNECTIONS, value: "5"}]
          resources: {requests: {cpu: 50m, memory: 64Mi}}
---
kind: Job
spec: {template: {spec: {containers: [{resources: {requests: {cpu: "1", memory: 1Gi}}}]}}}
`

	read := func(text string) (service, error) {
		p := platform{name: "x"}
		require.NoError(t, yaml.Unmarshal([]byte("config: {platform:apps: {bookings: {needs: [mysql]}}}"), &p.settings))
		err := p.readServices(fstest.MapFS{"apps/charttest/testdata/bookings-x.yaml": {Data: []byte(text)}})

		return p.services[mysql], err
	}

	found, err := read(rendered)
	require.NoError(t, err)
	assert.Equal(t, service{
		name: "bookings", pods: room{CPU: 4*50 + 1000, Memory: 4*64 + 1024, Pods: 5}, connections: 2*3*(5+1) + 3,
	}, found)

	_, err = read("kind: Deployment\nspec: {template: {spec: {containers: [{resources: {requests: {cpu: x}}}]}}}")
	require.ErrorContains(t, err, "the requested CPU of a Deployment")
}

func TestNodesHaveRoomForServices(t *testing.T) {
	t.Parallel()

	p := &platform{
		each: room{CPU: 1000, Memory: 1000, Pods: 10}, onNode: room{CPU: 100, Pods: 3}, system: room{Pods: 7},
		services: map[string]service{mysql: {pods: room{Pods: 4}}, redis: {pods: room{Pods: 3}}},
	}
	p.Config.Network.Zones = []string{"a", "b"}

	for services, nodes := range map[int]int{2: 1, 3: 2, 6: 2, 7: 3, 200: 51} {
		assert.Equal(t, nodes, p.nodes(services), services)
	}
}

// at returns the largest number of services within the limit whose name starts so.
func at(t *testing.T, p *platform, name string) int {
	t.Helper()

	for _, found := range limits([]platform{*p}) {
		if strings.HasPrefix(found.Name, name) {
			return found.At[0]
		}
	}

	require.Fail(t, "no limit", name)

	return 0
}

// repeat adds another resource with the inputs of one, as a service would.
func (p *platform) repeat(name, another string) {
	for _, r := range p.golden.Resources {
		if r.URN.Name() == name {
			r.URN = r.URN.Rename(another)
			p.golden.Resources = append(p.golden.Resources, r)
		}
	}
}

// Each limit is computed from what decides it.
func TestWhatMovesALimit(t *testing.T) {
	t.Parallel()

	// more gives a service another resource like the one whose name starts so.
	more := func(name, store string) func(*platform) {
		return func(p *platform) {
			name := name + p.services[store].name
			p.repeat(name, name+"-more")
		}
	}
	small := func(p *platform) {
		p.each = room{CPU: p.each.CPU / 2, Memory: p.each.Memory / 2, Pods: p.each.Pods / 2}
	}
	// The limits of node groups are those of an environment without pools.
	withoutPools := []string{"Targets", "Nodes"}
	prepare := func(p *platform, name string) *platform {
		if slices.Contains(withoutPools, name) {
			p.Config.Cluster.Autoscaling, p.pools = nil, room{}
		}

		return p
	}

	moves := map[string]func(p *platform){
		"CPU, memory":               func(p *platform) { p.pools = p.pools.plus(p.onNode.times(-10)) },
		"Targets":                   func(p *platform) { p.repeat("ingress-web", "ingress-more") },
		"Nodes":                     small,
		"Addresses":                 func(p *platform) { p.largest *= 2 },
		"Connections to MySQL":      func(p *platform) { p.Config.Database.InstanceClass = "db.t4g.micro" },
		"Connections to the cache":  func(p *platform) { p.services[redis] = service{connections: 10_000} },
		"Users of the cache":        more("cache-user-", redis),
		"IAM roles":                 more("app-", mysql),
		"Pod Identity associations": more("app-", mysql),
		"The ApplicationSet": func(p *platform) {
			for _, r := range p.golden.Resources {
				if list, ok := state.Input(r, "spec.generators[0].list").(map[string]any); ok {
					list["elements"] = append(list["elements"].([]any), strings.Repeat("values", 1000))
				}
			}
		},
	}

	for name, move := range moves {
		p := prepare(sandbox(t), name)
		before := at(t, p, name)
		move(p)
		assert.Less(t, at(t, p, name), before, name)
	}

	for _, found := range limits([]platform{*sandbox(t)}) {
		moves := slices.ContainsFunc(slices.Collect(maps.Keys(moves)), func(name string) bool {
			return strings.HasPrefix(found.Name, name)
		})
		name, _, _ := strings.Cut(found.Name, " ")
		name, _, _ = strings.Cut(name, ":")
		assert.Equal(t, moves && !slices.Contains(withoutPools, name), found.At[0] != unlimited, found.Name)
	}
}

// An environment may have services of no kind, or of one.
func TestWithoutServicesThereIsNoLimit(t *testing.T) {
	t.Parallel()

	p := sandbox(t)
	p.services, p.Config.Apps = nil, nil
	p.golden.Resources = nil

	for _, found := range limits([]platform{*p}) {
		assert.Equal(t, []int{unlimited}, found.At, found.Name)
	}

	document, err := render([]platform{*p}, measurement{})
	require.NoError(t, err)
	assert.Contains(t, document, "| – |")
}

func TestTheProgramIsObserved(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "usage.json")

	for program, status := range map[string]int{"true": 0, "false": 1} {
		path, err := exec.LookPath(program)
		require.NoError(t, err)
		assert.Equal(t, status, observe(path, file), program)

		text, err := os.ReadFile(file)
		require.NoError(t, err)

		var found usage
		require.NoError(t, json.Unmarshal(text, &found))
		assert.Positive(t, found.MiB, program)
		require.NoError(t, os.Remove(file))
	}

	assert.Equal(t, 1, observe(filepath.Join(t.TempDir(), "missing"), file))
}

package controls_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/state"
)

// environments are those whose golden graphs the program's tests write, and whether they are highly available.
func environments() map[string]bool { return map[string]bool{"sandbox": false, "staging": true} }

// golden reads the graph of an environment, freshly for each test: tests break it.
func golden(t *testing.T, name string) controls.Environment {
	t.Helper()

	environment := controls.Environment{
		State: readGolden(t, name), HighlyAvailable: environments()[name], KeepsData: environments()[name],
		OpenAPI: !environments()[name],
		Now:     time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC), Others: nil,
	}

	for other := range environments() {
		if other != name {
			environment.Others = append(environment.Others, readGolden(t, other))
		}
	}

	return environment
}

func readGolden(t *testing.T, name string) *state.State {
	t.Helper()

	return readGraph(t, "../../stacks/testdata/"+name+".json")
}

func readGraph(t *testing.T, file string) *state.State {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	graph, err := state.Parse(text)
	require.NoError(t, err)

	return graph
}

func finding(t *testing.T, environment controls.Environment, id string) controls.Finding {
	t.Helper()

	findings := controls.Check(environment)
	at := slices.IndexFunc(findings, func(f controls.Finding) bool { return f.ID == id })
	require.GreaterOrEqual(t, at, 0, "%s is on the score card", id)

	return findings[at]
}

// holds asserts that both environments satisfy the control.
func holds(t *testing.T, id string) {
	t.Helper()

	for name := range environments() {
		found := finding(t, golden(t, name), id)
		assert.Equal(t, controls.Pass, found.Result, "%s in %s: %s", id, name, found.Reason)
		assert.NotEmpty(t, found.Evidence, "%s in %s has evidence", id, name)
	}
}

// breaks asserts that a control fails once staging is broken, and that the evidence is what was broken.
func breaks(t *testing.T, id, name string, mutate func(*controls.Environment)) {
	t.Helper()

	environment := golden(t, "staging")
	mutate(&environment)
	fails(t, environment, id, name)
}

// fails asserts that a control fails, and that the evidence is what was broken.
func fails(t *testing.T, environment controls.Environment, id, name string) {
	t.Helper()

	found := finding(t, environment, id)
	assert.Equal(t, controls.Fail, found.Result, "%s fails", id)
	assert.Contains(t, found.Reason, name)

	named := slices.ContainsFunc(found.Evidence, func(e controls.Evidence) bool { return e.URN.Name() == name })
	assert.True(t, named, "%s is in the evidence %v", name, found.Evidence)
}

// set changes an input of the resources of this type and name.
func set(resourceType, name, input string, value any) func(*controls.Environment) {
	return func(environment *controls.Environment) {
		for _, r := range environment.State.Resources {
			if string(r.Type) == resourceType && r.URN.Name() == name {
				r.Inputs[input] = value
			}
		}
	}
}

// remove takes the resources of this type whose name has the prefix out of the graph.
func remove(resourceType, prefix string) func(*controls.Environment) {
	return func(environment *controls.Environment) {
		environment.State.Resources = slices.DeleteFunc(environment.State.Resources, func(r state.Resource) bool {
			return string(r.Type) == resourceType && strings.HasPrefix(r.URN.Name(), prefix)
		})
	}
}

// add puts a resource into the graph, which waits for those whose URNs end so.
func add(
	resourceType, name string, inputs map[string]any, awaits ...string,
) func(*controls.Environment) {
	return func(environment *controls.Environment) {
		added := state.Resource{
			URN:  resourceURN(resourceType, name),
			Type: tokenType(resourceType), Custom: true, Inputs: inputs,
		}

		for _, r := range environment.State.Resources {
			if slices.ContainsFunc(awaits, func(end string) bool { return strings.HasSuffix(string(r.URN), end) }) {
				added.Dependencies = append(added.Dependencies, r.URN)
			}
		}

		environment.State.Resources = append(environment.State.Resources, added)
	}
}

// An environment says more of what it lacks than that.
func TestWhyAControlDoesNotApply(t *testing.T) {
	t.Parallel()

	assert.Contains(t, finding(t, golden(t, "sandbox"), "D4").Reason, "keepsData")
	assert.Contains(t, finding(t, golden(t, "staging"), "L2").Reason, "certificate")
	assert.Equal(t, "the state has no registry of images", finding(t, golden(t, "staging"), "A4").Reason)
}

func TestNothingToCheckIsNotAPass(t *testing.T) {
	t.Parallel()

	for _, found := range controls.Check(controls.Environment{State: &state.State{}}) {
		assert.Equal(t, controls.NotApplicable, found.Result, found.ID)
		assert.NotEmpty(t, found.Reason, found.ID)
		assert.NotEmpty(t, found.Title, found.ID)
		assert.NotEmpty(t, found.Source, found.ID)
	}
}

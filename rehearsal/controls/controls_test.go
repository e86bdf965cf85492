package controls_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/state"
)

// object is a value of several members.
type object = map[string]any

// mutation changes an environment.
type mutation = func(*controls.Environment)

// readGoldens reads the golden graphs of the environments. Tests change them, so each reads its own.
func readGoldens(t *testing.T) map[string]controls.Environment {
	t.Helper()

	environments, err := controls.ReadGoldens(os.DirFS("../.."), time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)

	return environments
}

// golden reads the golden graph of one environment.
func golden(t *testing.T, name string) controls.Environment {
	t.Helper()

	return readGoldens(t)[name]
}

func finding(t *testing.T, environment controls.Environment, id string) controls.Finding {
	t.Helper()

	findings := controls.Check(environment)
	index := slices.IndexFunc(findings, func(f controls.Finding) bool { return f.ID == id })
	require.GreaterOrEqual(t, index, 0, "%s is not on the score card", id)

	return findings[index]
}

// passes asserts that a control passes in both environments.
func passes(t *testing.T, id string) {
	t.Helper()

	for name, environment := range readGoldens(t) {
		found := finding(t, environment, id)
		assert.Equal(t, controls.Pass, found.Result, "%s in %s: %s", id, name, found.Reason)
		assert.NotEmpty(t, found.Evidence, "%s in %s has evidence", id, name)
	}
}

// passesWith asserts that a control passes in staging with a change.
func passesWith(t *testing.T, id, description string, mutate mutation) {
	t.Helper()

	environment := golden(t, "staging")
	mutate(&environment)

	found := finding(t, environment, id)
	assert.Equal(t, controls.Pass, found.Result, "%s: %s", description, found.Reason)
}

// fails asserts that a control fails in staging with a change, and that the evidence names the resource.
func fails(t *testing.T, id, name string, mutate mutation) {
	t.Helper()

	environment := golden(t, "staging")
	mutate(&environment)
	assertFails(t, environment, id, name)
}

// assertFails asserts that a control fails, and that the evidence names the resource.
func assertFails(t *testing.T, environment controls.Environment, id, name string) {
	t.Helper()

	found := finding(t, environment, id)
	assert.Equal(t, controls.Fail, found.Result, "result of %s", id)
	assert.Contains(t, found.Reason, name)

	named := slices.ContainsFunc(found.Evidence, func(e controls.Evidence) bool { return e.Name() == name })
	assert.True(t, named, "%s is not in the evidence %v", name, found.Evidence)
}

// set sets an input of the resources with this type and name.
func set(resourceType, name, input string, value any) mutation {
	return func(environment *controls.Environment) {
		for _, r := range environment.State.Resources {
			if string(r.Type) == resourceType && r.URN.Name() == name {
				r.Inputs[input] = value
			}
		}
	}
}

// layer has files above those of a repository.
type layer struct {
	fs.FS

	files fstest.MapFS
}

func (l layer) Open(name string) (fs.File, error) {
	if _, ok := l.files[name]; ok {
		return l.files.Open(name)
	}

	return l.FS.Open(name)
}

// Glob also finds files that exist only in the layer.
func (l layer) Glob(pattern string) ([]string, error) {
	below, err := fs.Glob(l.FS, pattern)
	if err != nil {
		return nil, err
	}

	own, err := fs.Glob(l.files, pattern)

	return slices.Compact(slices.Sorted(slices.Values(append(below, own...)))), err
}

// write replaces a file of the repository.
func write(file, content string) mutation {
	return func(environment *controls.Environment) {
		environment.Repository = layer{environment.Repository, fstest.MapFS{file: {Data: []byte(content)}}}
	}
}

// edit replaces a string in a file of the repository.
func edit(t *testing.T, file, before, after string) mutation {
	t.Helper()

	content, err := fs.ReadFile(os.DirFS("../.."), file)
	require.NoError(t, err)
	require.Contains(t, string(content), before)

	return write(file, strings.ReplaceAll(string(content), before, after))
}

// outputs sets the outputs of the resources with this type and name.
func outputs(resourceType, name string, values object) mutation {
	return func(environment *controls.Environment) {
		for i, r := range environment.State.Resources {
			if string(r.Type) == resourceType && r.URN.Name() == name {
				environment.State.Resources[i].Outputs = values
			}
		}
	}
}

// remove removes the resources of this type whose name has the prefix.
func remove(resourceType, prefix string) mutation {
	return func(environment *controls.Environment) {
		environment.State.Resources = slices.DeleteFunc(environment.State.Resources, func(r state.Resource) bool {
			return string(r.Type) == resourceType && strings.HasPrefix(r.URN.Name(), prefix)
		})
	}
}

// add adds a resource that depends on those whose URNs have one of the suffixes.
func add(resourceType, name string, inputs object, dependencies ...string) mutation {
	return func(environment *controls.Environment) {
		added := state.Resource{
			URN:  resourceURN(resourceType, name),
			Type: tokens.Type(resourceType), Custom: true, Inputs: inputs,
		}

		for _, r := range environment.State.Resources {
			if slices.ContainsFunc(dependencies, func(suffix string) bool {
				return strings.HasSuffix(string(r.URN), suffix)
			}) {
				added.Dependencies = append(added.Dependencies, r.URN)
			}
		}

		environment.State.Resources = append(environment.State.Resources, added)
	}
}

func resourceURN(resourceType, name string) resource.URN {
	return resource.NewURN("staging", "platform", "", tokens.Type(resourceType), name)
}

// all applies several changes.
func all(mutations ...mutation) mutation {
	return func(environment *controls.Environment) {
		for _, mutate := range mutations {
			mutate(environment)
		}
	}
}

func TestAControlThatDoesNotApplyExplainsWhy(t *testing.T) {
	t.Parallel()

	assert.Contains(t, finding(t, golden(t, "sandbox"), "D4").Reason, "keepsData")
	assert.Contains(t, finding(t, golden(t, "staging"), "L2").Reason, "certificate")
	assert.Equal(t, "the state has no image repository", finding(t, golden(t, "staging"), "A4").Reason)
}

func TestAnEmptyStatePassesNoControl(t *testing.T) {
	t.Parallel()

	for _, found := range controls.Check(controls.Environment{State: &state.State{}}) {
		assert.Equal(t, controls.NotApplicable, found.Result, found.ID)
		assert.NotEmpty(t, found.Reason, found.ID)
		assert.NotEmpty(t, found.Title, found.ID)
		assert.NotEmpty(t, found.Source, found.ID)
	}
}

func TestEveryControlHasATestWithItsTitle(t *testing.T) {
	t.Parallel()

	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)

	var tests strings.Builder

	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		tests.Write(text)
	}

	words := regexp.MustCompile(`[A-Za-z0-9]+`)

	for _, found := range controls.Check(controls.Environment{State: &state.State{}}) {
		title := strings.NewReplacer("'", "", "*:*", "stars", "_", " ").Replace(found.Title)
		name := words.FindAllString(title, -1)

		for i, word := range name {
			name[i] = strings.ToUpper(word[:1]) + word[1:]
		}

		assert.Contains(t, tests.String(), "func Test"+found.ID+strings.Join(name, "")+"(t *testing.T)")
	}
}

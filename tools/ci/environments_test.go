package main_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// three adds production, which gets releases, and another sandbox.
func three(t *testing.T) *checkout {
	t.Helper()

	c := newCheckout(t)
	c.follows("production", `"release-production" # approved separately`)
	c.follows("another", "'main'")

	for _, service := range []string{"flights", "reservations"} {
		c.runs("production", service, first)
		c.runs("another", service, second)
	}

	c.commit("two more environments")
	c.git("push", "--quiet", "origin", "main")
	c.environ = append(c.environ, "GITHUB_SHA="+c.git("rev-parse", "HEAD"))

	return c
}

func TestEnvironmentsAreTheStackFiles(t *testing.T) {
	t.Parallel()

	c := three(t)

	for args, printed := range map[string]string{
		"": "another production sandbox staging", "main": "another sandbox", "released": "production staging",
		"branch production": "release-production", "branch another": "main",
	} {
		out, err := c.script("environments.sh", strings.Fields(args)...)
		require.NoError(t, err, out)
		assert.Equal(t, printed, strings.Join(strings.Fields(out), " "), args)
	}

	c.write("Pulumi.broken.yaml", "config: {}\n")

	for _, args := range []string{"", "main", "branch broken"} {
		out, err := c.script("environments.sh", strings.Fields(args)...)
		require.Error(t, err)
		assert.Contains(t, out, "Pulumi.broken.yaml: found no line", args)
	}
}

func TestTheMatrixOfAWorkflowHasTheRunnerOfEachEnvironment(t *testing.T) {
	t.Parallel()

	type job struct {
		Stack  string `json:"stack"`
		Runner string `json:"runner"`
	}

	for kind, jobs := range map[string][]job{
		"": {
			{"another", "ubuntu-24.04"},
			{"production", "ubuntu-24.04"},
			{"sandbox", "ubuntu-24.04"},
			{"staging", "codebuild-staging-runner"},
		},
		"main":     {{"another", "ubuntu-24.04"}, {"sandbox", "ubuntu-24.04"}},
		"released": {{"production", "ubuntu-24.04"}, {"staging", "codebuild-staging-runner"}},
	} {
		c := three(t)
		c.environ = append(c.environ, "KIND="+kind, `VARIABLES={"STAGING_RUNNER": "codebuild-staging-runner", "OTHER": "x"}`)

		out, err := c.script("ci/list-environments.sh")
		require.NoError(t, err, out)

		var matrix struct {
			Include []job `json:"include"`
		}

		line, found := strings.CutPrefix(c.file("output"), "matrix=")
		require.True(t, found)
		require.NoError(t, json.Unmarshal([]byte(line), &matrix))
		assert.Equal(t, jobs, matrix.Include, kind)
	}
}

func TestAnEmptyMatrixIsEmptyAndAFailureIsNone(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.follows("staging", "main")
	c.environ = append(c.environ, "KIND=released")

	out, err := c.script("ci/list-environments.sh")
	require.NoError(t, err, out)
	assert.Equal(t, "matrix=\n", c.file("output"))

	c.write("Pulumi.broken.yaml", "config: {}\n")

	_, err = c.script("ci/list-environments.sh")
	require.Error(t, err)
}

func TestTheRequiredJobFailsUnlessEachJobSucceeded(t *testing.T) {
	t.Parallel()

	for results, success := range map[string]bool{
		`{"lint": {"result": "success"}, "test": {"result": "success"}}`: true,
		`{"lint": {"result": "success"}, "test": {"result": "skipped"}}`: false,
		`{"lint": {"result": "failure"}}`:                                false,
		`{"lint": {"result": "cancelled"}}`:                              false,
		`{}`:                                                             false,
		``:                                                               false,
	} {
		c := newCheckout(t)
		c.environ = append(c.environ, "RESULTS="+results)

		out, err := c.script("ci/require-success.sh")
		assert.Equal(t, success, err == nil, "%s: %s", results, out)
	}
}

// Every environment that follows main gets each image, and every other one gets each release.
func TestReleasesReachEveryEnvironment(t *testing.T) {
	t.Parallel()

	c := three(t)

	out, err := c.script("promote.sh", "flights")
	require.NoError(t, err, out)
	assert.Equal(t, "production, staging: flights sha256:222222222222, as in another", c.git("log", "-1", "--format=%s"))
	c.git("push", "--quiet", "origin", "main")

	out, err = c.script("release.sh", "v1.0.0")
	require.NoError(t, err, out)
	assert.Contains(t, out, "- production, flights: sha256:222222222222")

	c.environ = append(c.environ, "STACK=production")
	out, err = c.script("ci/advance-release-branch.sh")
	require.NoError(t, err, out)
	assert.NotEmpty(t, c.git("ls-remote", "origin", "refs/heads/release-production"))
	assert.Empty(t, c.git("ls-remote", "origin", "refs/heads/release"), "staging waits for its own approval")

	c.environ = append(c.environ, "LINES_OF_IMAGES=flights "+registry+"/flights@"+third+" pushed 11MB\n")
	c.environ = append(c.environ, "GITHUB_SHA="+c.git("rev-parse", "HEAD"))
	out, err = c.script("ci/deliver-images.sh")
	require.NoError(t, err, out)
	assert.Equal(t, "apps/flights/environments/another.yaml\napps/flights/environments/sandbox.yaml",
		c.git("diff", "--name-only", "origin/main^", "origin/main"))

	c.runs("production", "flights", "sha256:"+strings.Repeat("4", 64))
	c.commit("not tried")

	out, err = c.script("ci/check-release.sh")
	require.Error(t, err)
	assert.Contains(t, out, "production.yaml: another, sandbox has never deployed")
}

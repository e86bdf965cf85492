package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPromoteCommitsTheDigestOfTheSandbox(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)

	out, err := c.script("promote.sh", "flights")
	require.NoError(t, err, out)
	assert.Contains(t, c.git("show", "HEAD:apps/flights/environments/staging.yaml"), second)
	assert.Equal(t, "apps/flights/environments/staging.yaml", c.git("diff", "--name-only", "HEAD^", "HEAD"))
	assert.Equal(t, "staging: flights sha256:222222222222, as in sandbox", c.git("log", "-1", "--format=%s"))

	before := c.git("rev-parse", "HEAD")
	out, err = c.script("promote.sh", "flights")
	require.NoError(t, err, out)
	assert.Equal(t, before, c.git("rev-parse", "HEAD"), "staging already deploys the image")
}

func TestPromoteRefusesUnknownServicesAndUncommittedChanges(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)

	for _, service := range []string{"", "flight"} {
		out, err := c.script("promote.sh", service)
		require.Error(t, err)
		assert.Contains(t, out, `APP is "`+service+`", expected one of flights reservations`)
	}

	c.write("new", "")

	out, err := c.script("promote.sh", "flights")
	require.Error(t, err)
	assert.Contains(t, out, "commit them first")
	assert.Contains(t, c.git("show", "HEAD:apps/flights/environments/staging.yaml"), first)
}

func TestReleaseCreatesATagWithNotes(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)

	out, err := c.script("release.sh", "v1.0.0")
	require.NoError(t, err, out)
	assert.Contains(t, c.git("tag", "--list", "--format=%(objecttype) %(contents)", "v1.0.0"),
		"tag v1.0.0\n\nImages:\n- staging, flights: sha256:111111111111, before none\n")
	assert.Contains(t, out, "git push origin v1.0.0")

	_, err = c.script("promote.sh", "flights")
	require.NoError(t, err)
	c.git("push", "--quiet", "origin", "main")

	out, err = c.script("release.sh", "v1.1.0")
	require.NoError(t, err, out)

	notes := c.git("tag", "--list", "--format=%(contents)", "v1.1.0")
	assert.Contains(t, notes, "- staging, flights: sha256:222222222222, before sha256:111111111111\n")
	assert.Contains(t, notes, "- staging, reservations: sha256:111111111111, before the same\n")
	assert.Contains(t, notes, "\nChanges since v1.0.0:\n- staging: flights sha256:222222222222, as in sandbox (")
	assert.NotContains(t, notes, "the sandbox runs")
}

func TestReleaseIsRefused(t *testing.T) {
	t.Parallel()

	for want, given := range map[string]struct {
		version string
		do      func(c *checkout)
	}{
		`VERSION is "",`:           {version: ""},
		`VERSION is "1.0.0",`:      {version: "1.0.0"},
		`VERSION is "v1.0.0-rc1",`: {version: "v1.0.0-rc1"},
		"uncommitted changes":      {do: func(c *checkout) { c.write("new", "") }},
		"is not main":              {do: func(c *checkout) { c.git("checkout", "--quiet", "-b", "other") }},
		"v1.0.0 already exists":    {do: func(c *checkout) { c.git("tag", "v1.0.0") }},
		"not on origin/main": {do: func(c *checkout) {
			c.write("new", "")
			c.commit("not reviewed")
		}},
		"origin/main does not exist": {do: func(c *checkout) { c.git("remote", "remove", "origin") }},
		"sandbox has never deployed " + third: {do: func(c *checkout) {
			c.runs("staging", "flights", third)
			c.commit("not tried")
			c.git("push", "--quiet", "origin", "main")
		}},
		"to go back, revert": {do: func(c *checkout) {
			c.git("push", "--quiet", "origin", "main:release")
			c.git("reset", "--quiet", "--hard", "HEAD^")
		}},
		"this clone is shallow": {do: func(c *checkout) {
			c.git("fetch", "--quiet", "--depth", "1", "file://"+c.origin, "main")
			c.git("reset", "--quiet", "--hard", "FETCH_HEAD")
		}},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			version := "v1.0.0"

			if given.do == nil {
				version = given.version
			} else {
				given.do(c)
			}

			tags := c.git("tag")
			out, err := c.script("release.sh", version)
			require.Error(t, err, out)
			assert.Contains(t, out, want)
			assert.Equal(t, tags, c.git("tag"))
		})
	}
}

func TestCreateReleasePageCreatesItOnce(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.environ = append(c.environ, "GITHUB_REF_NAME=v1.0.0")
	c.standIn("gh", `case "$*" in
"release view v1.0.0") [ -f "$0.page" ] ;;
"release create v1.0.0 --verify-tag --notes-from-tag --title v1.0.0") [ ! -f "$0.refuses" ] && : >"$0.page" ;;
*) exit 3 ;;
esac`)

	require.NoError(t, os.WriteFile(filepath.Join(c.bin, "gh.refuses"), nil, 0o600))

	_, err := c.script("ci/create-release-page.sh")
	require.Error(t, err, "GitHub refuses")
	require.NoError(t, os.Remove(filepath.Join(c.bin, "gh.refuses")))

	out, err := c.script("ci/create-release-page.sh")
	require.NoError(t, err, out)
	assert.FileExists(t, filepath.Join(c.bin, "gh.page"))

	out, err = c.script("ci/create-release-page.sh")
	require.NoError(t, err, out)
	assert.Equal(t, "the release v1.0.0 already exists\n", out)
}

func TestAdvanceReleaseBranchNeverMovesItBack(t *testing.T) {
	t.Parallel()

	c := newCheckout(t)
	c.environ = append(c.environ, "STACK=staging")

	for range 2 {
		out, err := c.script("ci/advance-release-branch.sh")
		require.NoError(t, err, out)
	}

	newest := c.git("rev-parse", "HEAD")
	assert.Equal(t, newest, c.git("ls-remote", "origin", "refs/heads/release")[:40])

	c.git("checkout", "--quiet", "--detach", "HEAD^")

	_, err := c.script("ci/advance-release-branch.sh")
	require.Error(t, err)
	assert.Equal(t, newest, c.git("ls-remote", "origin", "refs/heads/release")[:40])
}

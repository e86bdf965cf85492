package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const newest = "1.35.2-20261201"

const cluster = `config:
  aws:region: eu-west-1
  platform:cluster:
    # The minor.
    version: "1.35"
    nodes:
      general: {min: 1}
  platform:gitops:
    revision: main
  platform:images:
    version: "1"
`

// recommends makes the AWS CLI report a release of node images for Kubernetes 1.35 in eu-west-1.
func (c *checkout) recommends(release string) {
	c.standIn("aws", `case "$*" in
"ssm get-parameter --region eu-west-1 --name "*"/1.35/amazon-linux-2023/x86_64/standard/recommended/release_version "*)
	echo "`+release+`" ;;
*) exit 3 ;;
esac`)
}

// withCluster returns a checkout whose sandbox has a cluster.
func withCluster(t *testing.T) *checkout {
	t.Helper()

	c := newCheckout(t)
	c.write("Pulumi.sandbox.yaml", cluster)
	c.commit("a cluster")

	c.environ = append(c.environ, "STACK=sandbox", "GITHUB_REPOSITORY=msur/platform")

	return c
}

func (c *checkout) stackFile() string {
	c.t.Helper()

	content, err := os.ReadFile(filepath.Join(c.folder, "Pulumi.sandbox.yaml"))
	require.NoError(c.t, err)

	return string(content)
}

func TestTheNodeReleaseIsThatWhichAWSRecommends(t *testing.T) {
	t.Parallel()

	const version = "    version: \"1.35\"\n"

	c := withCluster(t)

	for _, wrong := range []string{"None", "1.34.9-20261201", "", "latest"} {
		c.recommends(wrong)
		out, err := c.script("node-release.sh")
		require.Error(t, err)
		assert.Contains(t, out, "Pulumi.sandbox.yaml was not changed", wrong)
		assert.Equal(t, cluster, c.stackFile(), wrong)
	}

	for _, release := range []string{"1.35.1-20261101", newest} {
		c.recommends(release)
		out, err := c.script("node-release.sh")
		require.NoError(t, err, out)
		assert.Equal(t, strings.Replace(cluster, version, version+"    nodeRelease: "+release+"\n", 1), c.stackFile())
	}

	out, err := c.script("node-release.sh")
	require.NoError(t, err)
	assert.Contains(t, out, "already has the newest release")

	c.environ = append(c.environ, "STACK=production")
	out, err = c.script("node-release.sh")
	require.Error(t, err)
	assert.Contains(t, out, "expected one of: sandbox staging")
}

// answers makes GitHub's CLI record its arguments and standard input, and list this pull request of the branch.
func (c *checkout) answers(pullRequest string, branchExists bool) {
	exists := ""
	if branchExists {
		exists = `*"/git/refs -f "*) exit 1 ;;`
	}

	c.standIn("gh", `echo "$*" >>"`+filepath.Join(c.bin, "calls")+`"
case "$*" in
"pr list --head node-release/sandbox "*) echo "`+pullRequest+`" ;;
`+exists+`
*"--method PUT"*) base64 -d >"`+filepath.Join(c.bin, "proposed")+`" ;;
esac`)
}

func (c *checkout) calls() string {
	c.t.Helper()

	content, err := os.ReadFile(filepath.Join(c.bin, "calls"))
	if os.IsNotExist(err) {
		return ""
	}

	require.NoError(c.t, err)
	require.NoError(c.t, os.Remove(filepath.Join(c.bin, "calls")))

	return string(content)
}

func TestANewNodeReleaseIsProposedOnce(t *testing.T) {
	t.Parallel()

	for what, test := range map[string]struct {
		last           string
		branch         bool
		expected, none string
	}{
		"the first":                        {"", false, "pr create --head node-release/sandbox", "--method PATCH"},
		"a newer one than an open one":     {"OPEN sandbox: node release 1.35.1-20261101", true, "pr edit", "pr create"},
		"a newer one than a merged one":    {"MERGED sandbox: node release 1.35.1-20261101", true, "pr create", "pr edit"},
		"one whose pull request is open":   {"OPEN sandbox: node release " + newest, true, "pr list", "--method"},
		"one whose pull request is closed": {"CLOSED sandbox: node release " + newest, true, "pr list", "--method"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()

			c := withCluster(t)
			c.recommends(newest)
			c.answers(test.last, test.branch)

			out, err := c.script("ci/propose-node-release.sh")
			require.NoError(t, err, out)

			calls := c.calls()
			assert.Contains(t, calls, test.expected)
			assert.NotContains(t, calls, test.none)

			if strings.Contains(calls, "--method PUT") {
				assert.Contains(t, c.read("proposed"), "    nodeRelease: "+newest+"\n")
				assert.Contains(t, calls, "sha="+c.git("rev-parse", "HEAD"))
				assert.Contains(t, calls, "sha="+c.git("rev-parse", "HEAD:Pulumi.sandbox.yaml"))
				assert.Equal(t, test.branch, strings.Contains(calls, "--method PATCH"), "the branch moves to main")
			}
		})
	}
}

func (c *checkout) read(name string) string {
	c.t.Helper()

	content, err := os.ReadFile(filepath.Join(c.bin, name))
	require.NoError(c.t, err)

	return string(content)
}

func TestNothingIsProposedWithoutANewNodeRelease(t *testing.T) {
	t.Parallel()

	c := withCluster(t)
	c.recommends(newest)
	c.write("Pulumi.sandbox.yaml", strings.Replace(cluster, "    nodes:", "    nodeRelease: "+newest+"\n    nodes:", 1))
	c.commit("a release")
	c.answers("", false)

	out, err := c.script("ci/propose-node-release.sh")
	require.NoError(t, err, out)
	assert.Empty(t, c.calls())

	c.standIn("aws", "exit 254")

	_, err = c.script("ci/propose-node-release.sh")
	require.Error(t, err, "AWS does not answer")
	assert.Empty(t, c.calls())
}

package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const pins = "components/cluster/plan/addons.yaml"

// offers makes the AWS CLI report these default versions.
func (c *checkout) offers(coredns, proxy string) {
	c.standIn("aws", `case "$*" in
"eks describe-addon-versions "*"--kubernetes-version 1.35 --addon-name coredns "*) echo "`+coredns+`" ;;
"eks describe-addon-versions "*"--kubernetes-version 1.35 --addon-name kube-proxy "*) echo "`+proxy+`" ;;
*) exit 3 ;;
esac`)
}

func TestAddonsPinsTheDefaultVersionsOfEKS(t *testing.T) {
	t.Parallel()

	const before = `# Pins.
# These were taken from elsewhere.
- {minor: "1.35", addon: coredns, version: v1.0.0-eksbuild.1}
- {minor: "1.35", addon: kube-proxy, version: v1.35.0-eksbuild.1}
`

	c := newCheckout(t)
	c.write(pins, before)
	c.offers("v1.0.0-eksbuild.2", "None")

	pinned := func() string {
		content, err := os.ReadFile(filepath.Join(c.folder, pins))
		require.NoError(t, err)

		return string(content)
	}

	out, err := c.script("addons.sh")
	require.Error(t, err)
	assert.Contains(t, out, "kube-proxy")
	assert.Equal(t, before, pinned(), "a failure must change nothing")

	c.offers("v1.0.0-eksbuild.2", "v1.35.0-eksbuild.1")
	out, err = c.script("addons.sh")
	require.NoError(t, err, out)

	after := `# Pins.
- {minor: "1.35", addon: coredns, version: v1.0.0-eksbuild.2}
- {minor: "1.35", addon: kube-proxy, version: v1.35.0-eksbuild.1}
`
	assert.Equal(t, after, pinned())

	out, err = c.script("addons.sh")
	require.NoError(t, err)
	assert.Contains(t, out, "up to date")
	assert.Equal(t, after, pinned())
}

// The script reads lines, not YAML, and would miss a pin in another form.
func TestEveryAddonPinHasTheFormThatTheScriptReads(t *testing.T) {
	t.Parallel()

	committed, err := os.ReadFile(filepath.Join("..", "..", pins))
	require.NoError(t, err)

	for line := range strings.Lines(string(committed)) {
		if !strings.HasPrefix(line, "#") {
			assert.Regexp(t, `^- \{minor: "1\.[0-9]+", addon: [a-z-]+, version: v[0-9.]+-eksbuild\.[0-9]+\}\n$`, line)
		}
	}
}

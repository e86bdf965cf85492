package scenarios_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPulumiWorksInTheShell(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	before := stackFiles(t)

	r.shell("pulumi up -s sandbox --yes --skip-preview")
	assert.Contains(t, r.shell("pulumi stack output vpcId"), "vpc-")
	assert.Contains(t, r.shell("pulumi preview --diff"), "unchanged")
	assert.Contains(t, r.shell("pulumi preview -s staging"), "network-private-c", "the command creates the other stack")

	r.assertKubeconfigIsHidden()

	t.Log("pulumi uses the rehearsal in every folder and with any variables")

	otherBackend := t.TempDir()
	r.shell("cd infra && export PULUMI_BACKEND_URL=file://" + otherBackend +
		" PULUMI_HOME=" + otherBackend + " AWS_PROFILE=production && pulumi preview --expect-no-changes")

	files, err := os.ReadDir(otherBackend)
	require.NoError(t, err)
	assert.Empty(t, files, "the other backend")

	t.Log("no command changes or removes the checkout's stack files")

	for _, line := range []string{
		"pulumi --color never preview", "pulumi stack select -c other", "pulumi destroy --remove --yes -s sandbox",
		"pulumi --color never stack rm --yes --force -s staging",
	} {
		r.shell(line)
	}

	assert.Equal(t, before, stackFiles(t), "the checkout's stack files")
	r.must("destroy")
	r.gone()
}

// assertKubeconfigIsHidden asserts that pulumi shows the kubeconfig of a deployed stack only on request.
func (r *rehearsal) assertKubeconfigIsHidden() {
	t := r.t
	t.Helper()

	hidden := r.shell("pulumi stack output")
	assert.Contains(t, hidden, "kubeconfig")
	assert.NotContains(t, hidden, "client.authentication.k8s.io")

	printed := r.shell("pulumi stack output kubeconfig --show-secrets")

	var config struct {
		Kind string `json:"kind"`
	}

	_, text, found := strings.Cut(printed, "{")
	require.True(t, found, printed)
	require.NoError(t, json.Unmarshal([]byte("{"+text), &config))
	assert.Equal(t, "Config", config.Kind)
}

// shell runs a line in the rehearsal's shell.
func (r *rehearsal) shell(line string) string {
	r.t.Helper()
	r.options.Stdin = strings.NewReader(line)

	return r.must("shell")
}

// stackFiles returns the stack files of the checkout.
func stackFiles(t *testing.T) map[string]string {
	t.Helper()

	files, err := filepath.Glob(filepath.Join(repository(t), "Pulumi.*.yaml"))
	require.NoError(t, err)

	texts := make(map[string]string)

	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)

		texts[file] = string(text)
	}

	return texts
}

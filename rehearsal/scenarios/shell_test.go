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

func TestInTheShellPulumiItselfWorks(t *testing.T) {
	t.Parallel()

	r := rehearse(t, repository(t), "sandbox")
	before := stackFiles(t)

	r.shell("pulumi up -s sandbox --yes --skip-preview")
	assert.Contains(t, r.shell("pulumi stack output vpcId"), "vpc-")
	assert.Contains(t, r.shell("pulumi preview --diff"), "unchanged")
	assert.Contains(t, r.shell("pulumi preview -s staging"), "network-private-c", "another stack is made as it is named")

	r.hidesTheKubeconfig()

	t.Log("whatever variables are set in the shell, and wherever one is in it, it is the rehearsal")

	elsewhere := t.TempDir()
	r.shell("cd infra && export PULUMI_BACKEND_URL=file://" + elsewhere +
		" PULUMI_HOME=" + elsewhere + " AWS_PROFILE=production && pulumi preview --expect-no-changes")

	left, err := os.ReadDir(elsewhere)
	require.NoError(t, err)
	assert.Empty(t, left, "nothing reached the other backend")

	t.Log("no command takes or changes the checkout's stack files")

	for _, line := range []string{
		"pulumi --color never preview", "pulumi stack select -c other", "pulumi destroy --remove --yes -s sandbox",
		"pulumi --color never stack rm --yes --force -s staging",
	} {
		r.shell(line)
	}

	assert.Equal(t, before, stackFiles(t), "the checkout's stack files are as they were")
	r.must("destroy")
	r.gone()
}

// hidesTheKubeconfig asserts that the kubeconfig of a stack that is up is shown to whoever asks for it, and not else.
func (r *rehearsal) hidesTheKubeconfig() {
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

// shell types one line into the rehearsal's shell.
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

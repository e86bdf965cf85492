package scenarios_test

import (
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
	r.shell("pulumi preview --expect-no-changes")
	assert.Contains(t, r.shell("pulumi preview -s staging"), "network-private-c", "another stack is made as it is named")
	assert.Equal(t, before, stackFiles(t), "the checkout's stack files are as they were")

	for _, refused := range []string{"pulumi stack rm --yes", "pulumi stack init other"} {
		r.options.Stdin = strings.NewReader(refused)
		printed, err := r.run("shell")
		require.Error(t, err, refused)
		assert.Contains(t, printed, "would change files of the checkout", refused)
	}

	r.must("destroy")
	r.gone()
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

package contracttest

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Generated asserts that api.gen.go in the test's folder is up to date with an OpenAPI document. oapi-codegen.yaml is
// beside it.
func Generated(t *testing.T, openAPI string) {
	t.Helper()

	file := filepath.Join(t.TempDir(), "api.gen.go")

	output, err := exec.CommandContext(t.Context(), "go", "tool", "oapi-codegen", "-config", "oapi-codegen.yaml",
		"-o", file, openAPI).CombinedOutput()
	require.NoError(t, err, string(output))

	assert.Equal(t, read(t, file), read(t, "api.gen.go"), "run go generate ./api")
}

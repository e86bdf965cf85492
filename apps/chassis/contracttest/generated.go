package contracttest

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Generated asserts that api.gen.go in the test's folder is what oapi-codegen makes of an OpenAPI text, with the
// oapi-codegen.yaml beside it.
func Generated(t *testing.T, openAPI string) {
	t.Helper()

	file := filepath.Join(t.TempDir(), "api.gen.go")

	said, err := exec.CommandContext(t.Context(), "go", "tool", "oapi-codegen", "-config", "oapi-codegen.yaml",
		"-o", file, openAPI).CombinedOutput()
	require.NoError(t, err, string(said))

	assert.Equal(t, read(t, file), read(t, "api.gen.go"), "go generate ./api writes it again")
}

package api_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheGeneratedCodeIsThatOfTheOpenAPIText(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "api.gen.go")

	//nolint:gosec // our own arguments
	said, err := exec.CommandContext(t.Context(), "go", "tool", "oapi-codegen", "-config", "oapi-codegen.yaml",
		"-o", file, "../../api/openapi.yaml").CombinedOutput()
	require.NoError(t, err, string(said))

	want, err := os.ReadFile(filepath.Clean(file))
	require.NoError(t, err)

	got, err := os.ReadFile("api.gen.go")
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "go generate ./api writes it again")
}

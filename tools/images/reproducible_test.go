package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// copyOf copies the sources of a service to another folder and returns the copy.
func copyOf(t *testing.T, called string) service {
	t.Helper()

	folder := t.TempDir()
	for _, part := range []string{"apps/chassis", filepath.Join("apps", called, "service")} {
		require.NoError(t, os.CopyFS(filepath.Join(folder, part), os.DirFS(filepath.Join(root, part))))
	}

	services, err := findServices(folder)
	require.NoError(t, err)
	require.Len(t, services, 1)

	return services[0]
}

// digestOf builds a service with additional settings, and returns the digests of image and SBOM.
func digestOf(t *testing.T, s service, settings ...string) [2]string {
	t.Helper()

	made, err := build(t.Context(), s, slices.Concat(os.Environ(), settings), io.Discard)
	require.NoError(t, err)

	sbom, err := made.sbom.Digest()
	require.NoError(t, err)

	return [2]string{made.digest.String(), sbom.String()}
}

func TestTheDigestDependsOnlyOnTheSources(t *testing.T) {
	t.Parallel()
	skipShort(t)

	for _, called := range []string{"flights", "reservations"} {
		t.Run(called, func(t *testing.T) {
			t.Parallel()

			here := service{name: called, folder: filepath.Join(root, "apps", called, "service")}
			want := digestOf(t, here)

			there := copyOf(t, called)
			got := digestOf(t, there, elsewhere(t, there)...)
			assert.Equal(t, want, got, "the same sources")

			main := filepath.Join(there.folder, "main.go")
			text, err := os.ReadFile(main)
			require.NoError(t, err)
			write(t, main, string(text)+"\nfunc init() { os.Args[0] = \"\" }\n")

			changed := digestOf(t, there)
			assert.NotEqual(t, want[0], changed[0], "other sources")
			assert.NotEqual(t, want[1], changed[1], "its SBOM")
		})
	}
}

// elsewhere puts a copy of a service into another git repository and below a workspace, which Go would record or use,
// and returns settings that would change the binary, some of them in the file that `go env -w` writes.
func elsewhere(t *testing.T, there service) []string {
	t.Helper()

	above := filepath.Join(there.folder, "../../..")
	write(t, filepath.Join(above, "go.work"), "go 1.26.0\n\nuse ./apps/"+there.name+"/service\n")
	write(t, filepath.Join(above, "env"), "GOFLAGS=-tags=purego\nGOAMD64=v2\nGOEXPERIMENT=nogreenteagc\n")

	for _, command := range []string{"init --quiet", "add apps", "commit --quiet --message=x"} {
		args := slices.Concat([]string{"-c", "user.name=x", "-c", "user.email=x@example.org"}, strings.Fields(command))
		git := exec.CommandContext(t.Context(), "git", args...)
		git.Dir = above
		output, err := git.CombinedOutput()
		require.NoError(t, err, string(output))
	}

	return []string{
		"GOENV=" + filepath.Join(above, "env"), "GOARM64=v8.1", "GODEBUG=madvdontneed=1", "CGO_ENABLED=1", "GOOS=darwin",
		"GOTOOLCHAIN=go1.25.0", "SOURCE_DATE_EPOCH=1700000000",
	}
}

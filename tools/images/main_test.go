package main

import (
	"bytes"
	"context"
	"debug/elf"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// line is the output for a service.
type line struct{ name, reference, result, sizes string }

// programAt returns the program for a repository, with the pinned version of Go.
func programAt(t *testing.T, folder string, stdout io.Writer) program {
	t.Helper()

	pinned, err := readPins()
	require.NoError(t, err)

	return program{
		root: folder, toolchain: pinned.toolchain, environ: os.Environ(), stdout: stdout, stderr: io.Discard,
	}
}

// runAt runs the program in a repository and returns its lines, by service.
func runAt(t *testing.T, folder string, args ...string) (map[string]line, error) {
	t.Helper()

	var stdout bytes.Buffer

	err := programAt(t, folder, &stdout).run(t.Context(), args)
	lines := make(map[string]line)

	for text := range strings.Lines(stdout.String()) {
		fields := strings.SplitN(strings.TrimSpace(text), " ", 4)
		require.Len(t, fields, 4, text)

		lines[fields[0]] = line{name: fields[0], reference: fields[1], result: fields[2], sizes: fields[3]}
	}

	return lines, err
}

// skipShort skips a test that compiles the services for two platforms.
func skipShort(t *testing.T) {
	t.Helper()

	if testing.Short() {
		t.Skip("compiles the services for two platforms: run make builds")
	}
}

// pull returns an image and its images for each platform.
func pull(t *testing.T, reference string) (name.Digest, map[string]v1.Image) {
	t.Helper()

	digest, err := name.NewDigest(reference)
	require.NoError(t, err)

	index, err := remote.Index(digest)
	require.NoError(t, err)
	require.NoError(t, validate.Index(index))

	return digest, imagesOf(t, index)
}

// The first run compiles the services; the subtests check what it pushed.
//
//nolint:paralleltest,tparallel // the second run must follow the subtests
func TestTheServicesArePushedAndCanBePulled(t *testing.T) {
	t.Parallel()
	skipShort(t)

	fake := startRegistry(t, true)
	lines, err := runAt(t, root, "-registry", fake.host+"/platform")
	require.NoError(t, err)
	require.NotEmpty(t, fake.written())
	require.Subset(t, keys(lines), []string{"flights", "reservations"})

	for service, image := range lines {
		assert.True(t, strings.HasPrefix(image.reference, fake.host+"/platform/"+service+"@sha256:"), image.reference)
		assert.Equal(t, "pushed", image.result)
		assert.Regexp(t, `^amd64=\d+\.\dMB arm64=\d+\.\dMB$`, image.sizes)

		t.Run(service, func(t *testing.T) {
			reference, images := pull(t, image.reference)
			assertCompiled(t, service, images)
			assertListed(t, service, reference)
		})
	}

	t.Run("probes", func(t *testing.T) {
		_, flights := pull(t, lines["flights"].reference)
		_, reservations := pull(t, lines["reservations"].reference)
		mine := "linux/" + runtime.GOARCH

		probe(t, flights[mine], reservations[mine])
	})

	again, err := runAt(t, root, "-registry", fake.host+"/platform")
	require.NoError(t, err)
	assert.Empty(t, fake.written(), "an unchanged image must not be pushed again")

	for service, image := range again {
		assert.Equal(t, "unchanged", image.result)
		assert.Equal(t, lines[service].reference, image.reference)
	}
}

func keys(lines map[string]line) []string {
	list := make([]string, 0, len(lines))
	for key := range lines {
		list = append(list, key)
	}

	return list
}

// assertCompiled checks that each platform has its own static binary.
func assertCompiled(t *testing.T, called string, images map[string]v1.Image) {
	t.Helper()

	machines := map[string]elf.Machine{"linux/amd64": elf.EM_X86_64, "linux/arm64": elf.EM_AARCH64}
	require.Len(t, images, len(machines))

	for platform, machine := range machines {
		require.Contains(t, images, platform)

		content := filesOf(t, images[platform])["bin/"+called].content
		read, err := elf.NewFile(bytes.NewReader(content))
		require.NoError(t, err, platform)

		assert.Equal(t, machine, read.Machine)
		assert.Nil(t, read.Section(".interp"), "the binary must be linked statically")
		assert.Nil(t, read.Section(".symtab"), "the binary must be stripped")
		assert.NotContains(t, string(content), mustAbs(t, root), "the binary must not contain its folder")
	}
}

func mustAbs(t *testing.T, path string) string {
	t.Helper()

	absolute, err := filepath.Abs(path)
	require.NoError(t, err)

	return absolute
}

// assertListed compares the SBOM with the modules that the go command lists.
func assertListed(t *testing.T, called string, reference name.Digest) {
	t.Helper()

	const format = `{{with .Module}}{{.Path}}{{if not (or .Main .Replace)}} {{.Version}}{{end}}{{end}}`

	listed := libraries(readSBOM(t, sbomText(t, referrer(t, reference))))
	packages := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", format, ".")
	packages.Dir = filepath.Join(root, "apps", called, "service")
	packages.Env = slices.Concat(os.Environ(), []string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64"})

	output, err := packages.Output()
	require.NoError(t, err)

	pinned, err := readPins()
	require.NoError(t, err)

	want := map[string]bool{
		"stdlib " + strings.TrimPrefix(runtime.Version(), "go"): true, rootsModule + " " + pinned.roots: true,
	}
	for module := range strings.Lines(string(output)) {
		want[strings.TrimSpace(module)] = true
	}

	assert.Len(t, listed, len(want))

	for _, module := range listed {
		assert.Contains(t, want, module)
	}
}

func TestAllProblemsOfTheInputAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	another := programAt(t, t.TempDir(), io.Discard)
	another.toolchain = "go1.20.1"

	err := another.run(t.Context(), []string{"-registry", "nowhere", "flights"})
	require.ErrorContains(t, err, "built with go1.20.1")
	require.ErrorContains(t, err, `registry is "nowhere"`)
	require.ErrorContains(t, err, `unexpected arguments ["flights"]`)
	require.ErrorContains(t, err, "the root of the repository")

	_, err = runAt(t, root, "-registri", "nowhere")
	require.ErrorContains(t, err, "-registri")

	_, err = runAt(t, root, "-h")
	require.ErrorIs(t, err, flag.ErrHelp)
}

func TestNothingIsCompiledWithoutPermissionToPush(t *testing.T) {
	t.Parallel()

	fake := startRegistry(t, true)
	fake.refuses(func(r *http.Request) int {
		if r.Method == http.MethodPost {
			return http.StatusForbidden
		}

		return 0
	})

	lines, err := runAt(t, root, "-registry", fake.host)
	require.ErrorContains(t, err, "checking the permission to push to "+fake.host+"/flights")
	assert.Empty(t, lines)
}

func TestCompilerErrorsAreReported(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	write(t, filepath.Join(folder, "apps/shop/service/go.mod"), "module shop.example/service\n\ngo 1.26.0\n")
	write(t, filepath.Join(folder, "apps/shop/service/main.go"), "package main\n\nfunc main() { sell() }\n")

	_, err := runAt(t, folder)
	require.ErrorContains(t, err, "compiling shop for linux/amd64: go build in "+folder)
	require.ErrorContains(t, err, "main.go:3:15: undefined: sell")
}

func TestAnInterruptedRunEnds(t *testing.T) {
	t.Parallel()

	ctx, stop := context.WithCancel(t.Context())
	stop()

	err := programAt(t, root, io.Discard).run(ctx, nil)
	require.ErrorIs(t, err, context.Canceled)
}

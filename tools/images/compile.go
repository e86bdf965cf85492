package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// cleanupTime is how long an interrupted compilation may take to remove its files.
const cleanupTime = 10 * time.Second

// platforms returns the platforms of every image: that of the nodes (Graviton), and that of most other machines.
func platforms() []v1.Platform {
	return []v1.Platform{{OS: "linux", Architecture: "amd64"}, {OS: "linux", Architecture: "arm64"}}
}

// binary is a service compiled for a platform.
type binary struct {
	platform v1.Platform
	content  []byte
	// info lists the modules in the binary.
	info *buildinfo.BuildInfo
}

// build compiles a service for every platform, and creates its image and SBOM.
func build(ctx context.Context, s service, environ []string, progress io.Writer) (*image, error) {
	binaries := make([]*binary, 0, len(platforms()))

	for _, p := range platforms() {
		fmt.Fprintf(progress, "Compiling %s for %s\n", s.name, p)

		compiled, err := compile(ctx, s, p, environ)
		if err != nil {
			return nil, fmt.Errorf("compiling %s for %s: %w", s.name, p, err)
		}

		binaries = append(binaries, compiled)
	}

	made, err := assemble(s.name, binaries)
	if err != nil {
		return nil, fmt.Errorf("making the image of %s: %w", s.name, err)
	}

	return made, nil
}

// compile compiles a service. The binary depends only on the sources, not on the machine.
func compile(ctx context.Context, s service, p v1.Platform, environ []string) (*binary, error) {
	environ, err := reproducible(ctx, s, p, environ)
	if err != nil {
		return nil, err
	}

	folder, err := os.MkdirTemp("", "images-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for the binary: %w", err)
	}

	defer os.RemoveAll(folder)

	target := filepath.Join(folder, s.name)

	_, err = runGo(ctx, s, environ, "build", "-trimpath", "-buildvcs=false", "-mod=readonly",
		"-ldflags=-s -w -buildid=", "-o", target, ".")
	if err != nil {
		return nil, err
	}

	content, err := os.ReadFile(target)
	if err != nil {
		return nil, fmt.Errorf("reading the binary: %w", err)
	}

	info, err := buildinfo.Read(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("reading the modules of the binary: %w", err)
	}

	return &binary{platform: p, content: content, info: info}, nil
}

// reproducible returns the environment of a compilation. It keeps the machine's settings for the sources and caches of
// Go modules, because go.sum fixes their content. Any other setting could change the binary.
func reproducible(ctx context.Context, s service, p v1.Platform, environ []string) ([]string, error) {
	settings := []string{
		"GOTOOLCHAIN=" + runtime.Version(), "GOWORK=off", "GO111MODULE=on", "GOFLAGS=", "GOEXPERIMENT=", "GODEBUG=",
		"GOOS=" + p.OS, "GOARCH=" + p.Architecture, "GOAMD64=v1", "GOARM64=v8.0", "GOFIPS140=off", "CGO_ENABLED=0",
	}

	// Use `go env`, because the machine's settings may also be in the file GOENV.
	args := []string{
		"env", "-json", "GOCACHE", "GOMODCACHE", "GOPATH", "GOPROXY", "GONOPROXY", "GOPRIVATE", "GOSUMDB", "GONOSUMDB",
		"GOINSECURE", "GOVCS", "GOAUTH",
	}

	text, err := runGo(ctx, s, slices.Concat(environ, settings), args...)
	if err != nil {
		return nil, err
	}

	var kept map[string]string

	err = json.Unmarshal(text, &kept)
	if err != nil {
		return nil, fmt.Errorf("reading the settings of Go: %w", err)
	}

	environ = slices.Concat(environ, settings, []string{"GOENV=off"})
	for key, value := range kept {
		environ = append(environ, key+"="+value)
	}

	return environ, nil
}

// runGo runs the go command in the folder of a service and returns its output.
func runGo(ctx context.Context, s service, environ []string, args ...string) ([]byte, error) {
	var stdout, stderr bytes.Buffer

	command := exec.CommandContext(ctx, "go", args...)
	command.Dir, command.Env = s.folder, environ
	command.Stdout, command.Stderr = &stdout, &stderr
	// A killed go command would leave its compilers running.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = cleanupTime

	err := command.Run()
	if err != nil {
		return nil, fmt.Errorf("go %s in %s: %w\n%s", args[0], s.folder, err, bytes.TrimSpace(stderr.Bytes()))
	}

	return stdout.Bytes(), nil
}

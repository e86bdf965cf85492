package main

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/stretchr/testify/require"
)

const (
	// waitFor is how long a service may take to start, to answer and to stop.
	waitFor = 30 * time.Second
	tick    = 5 * time.Millisecond
)

// unpack lays an image's files out in a folder.
func unpack(t *testing.T, made v1.Image) string {
	t.Helper()

	folder := t.TempDir()
	content := mutate.Extract(made)

	defer func() { require.NoError(t, content.Close()) }()

	for archive := tar.NewReader(content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return folder
		}

		require.NoError(t, err)

		target := filepath.Join(folder, header.Name) //nolint:gosec // the image is the test's

		if header.Typeflag == tar.TypeDir {
			require.NoError(t, os.Mkdir(target, header.FileInfo().Mode().Perm()))

			continue
		}

		text, err := io.ReadAll(archive)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(target, text, header.FileInfo().Mode().Perm()))
	}
}

// containerOf is the process that a container of an image would be, with no variables but these. Root can have it run
// as the image's user, and see nothing but the image.
func containerOf(ctx context.Context, t *testing.T, made v1.Image, variables ...string) *exec.Cmd {
	t.Helper()

	file, err := made.ConfigFile()
	require.NoError(t, err)

	config, folder := file.Config, unpack(t, made)
	args := slices.Concat(config.Entrypoint, config.Cmd)

	process := exec.CommandContext(ctx, filepath.Join(folder, args[0]), args[1:]...) //nolint:gosec // the image's
	process.Dir = filepath.Join(folder, config.WorkingDir)
	process.Env = slices.Concat(config.Env, variables)

	if os.Getuid() == 0 {
		user, group, _ := strings.Cut(config.User, ":")
		uid, err := strconv.ParseUint(user, 10, 32)
		require.NoError(t, err)

		gid, err := strconv.ParseUint(group, 10, 32)
		require.NoError(t, err)

		process.Path, process.Dir = args[0], config.WorkingDir
		process.SysProcAttr = &syscall.SysProcAttr{
			Chroot: folder, Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
		}
	}

	return process
}

// start runs a container of an image and returns where it listens. At the end of the test it is told to stop as
// Kubernetes does, and must.
func start(t *testing.T, made v1.Image, variables ...string) string {
	t.Helper()

	if runtime.GOOS != "linux" {
		t.Skip("images run on Linux, and this is", runtime.GOOS)
	}

	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	process := containerOf(ctx, t, made, append(variables, "PORT=0", "DRAIN_DELAY=0s")...)
	process.Stdout, process.Stderr = log, log
	process.Cancel = func() error { return process.Process.Signal(syscall.SIGTERM) }
	process.WaitDelay = waitFor
	require.NoError(t, process.Start())

	t.Cleanup(func() {
		stop()
		require.ErrorIs(t, process.Wait(), context.Canceled, "it ends when it is told to, and not before")
		require.Zero(t, process.ProcessState.ExitCode())
		require.NoError(t, log.Close())
	})

	port := ""

	require.Eventually(t, func() bool {
		text, err := os.ReadFile(log.Name())
		require.NoError(t, err)

		port = portIn(string(text))

		return port != ""
	}, waitFor, tick, "awaited the address in %s", log.Name())

	return "http://127.0.0.1:" + port
}

// portIn is that which a log says that the service listens on.
func portIn(log string) string {
	for line := range strings.Lines(log) {
		var record struct {
			Msg     string `json:"msg"`
			Address string `json:"address"`
		}

		if json.Unmarshal([]byte(line), &record) == nil && record.Msg == "listening" {
			_, port, _ := net.SplitHostPort(record.Address)

			return port
		}
	}

	return ""
}

// statusOf is what a probe of Kubernetes goes by.
func statusOf(t *testing.T, url string) int {
	t.Helper()

	ctx, stop := context.WithTimeout(t.Context(), waitFor)
	defer stop()

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	require.NoError(t, err)

	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())

	return answer.StatusCode
}

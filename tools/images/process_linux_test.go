package main

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	// waitFor is the time limit for a service to start, to respond and to stop.
	waitFor = 30 * time.Second
	tick    = 5 * time.Millisecond
)

// unpack writes an image's files to a folder. They are read-only, as they are for the image's user.
func unpack(t *testing.T, made v1.Image) string {
	t.Helper()

	folder := t.TempDir()
	content := mutate.Extract(made)

	defer func() { require.NoError(t, content.Close()) }()

	for archive := tar.NewReader(content); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}

		require.NoError(t, err)

		target := filepath.Join(folder, header.Name)

		if header.Typeflag == tar.TypeDir {
			require.NoError(t, os.Mkdir(target, header.FileInfo().Mode().Perm()))

			continue
		}

		text, err := io.ReadAll(archive)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(target, text, header.FileInfo().Mode().Perm()))
	}

	const writing = 0o222

	change(t, folder, func(mode fs.FileMode) fs.FileMode { return mode &^ writing })
	t.Cleanup(func() { change(t, folder, func(mode fs.FileMode) fs.FileMode { return mode | writing }) })

	return folder
}

// change changes the mode of all files in a folder.
func change(t *testing.T, folder string, to func(fs.FileMode) fs.FileMode) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		info, err := entry.Info()
		if err != nil {
			return err
		}

		return os.Chmod(path, to(info.Mode().Perm()))
	}))
}

// containerOf returns the process of a container, with only the given variables. It runs as the image's user, and sees
// only the image's files. In the process's user namespace, the user who runs the test is the image's user.
func containerOf(ctx context.Context, t *testing.T, made v1.Image, variables ...string) *exec.Cmd {
	t.Helper()

	file, err := made.ConfigFile()
	require.NoError(t, err)

	config := file.Config
	args := slices.Concat(config.Entrypoint, config.Cmd)

	process := exec.CommandContext(ctx, args[0], args[1:]...)
	process.Dir = config.WorkingDir
	process.Env = slices.Concat(config.Env, variables)

	user, group, _ := strings.Cut(config.User, ":")
	process.SysProcAttr = &syscall.SysProcAttr{
		Chroot:      unpack(t, made),
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: mapped(t, user, os.Getuid()),
		GidMappings: mapped(t, group, os.Getgid()),
	}

	return process
}

// mapped maps an ID outside a namespace to an ID inside.
func mapped(t *testing.T, inside string, outside int) []syscall.SysProcIDMap {
	t.Helper()

	id, err := strconv.Atoi(inside)
	require.NoError(t, err)

	return []syscall.SysProcIDMap{{ContainerID: id, HostID: outside, Size: 1}}
}

// begin starts a container. If the kernel does not allow that, the test is skipped, and fails in CI.
func begin(t *testing.T, process *exec.Cmd) {
	t.Helper()

	err := process.Start()
	for _, forbidden := range []error{syscall.EPERM, syscall.ENOSPC, syscall.EINVAL} {
		if errors.Is(err, forbidden) && os.Getenv("CI") != "true" {
			t.Skipf("the kernel refuses to create a user namespace (%v); see user.max_user_namespaces and "+
				"kernel.apparmor_restrict_unprivileged_userns", err)
		}
	}

	require.NoError(t, err)
}

// start runs a container of an image, and returns its address. At the end of the test, the container gets a signal, as
// from Kubernetes, and must stop.
func start(t *testing.T, made v1.Image, variables ...string) string {
	t.Helper()

	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)

	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	process := containerOf(ctx, t, made, append(variables, "PORT=0", "DRAIN_DELAY=0s")...)
	process.Stdout, process.Stderr = log, log
	process.Cancel = func() error { return process.Process.Signal(syscall.SIGTERM) }
	process.WaitDelay = waitFor

	t.Cleanup(func() {
		stop()
		require.NoError(t, log.Close())
	})
	begin(t, process)

	t.Cleanup(func() {
		stop()
		require.ErrorIs(t, process.Wait(), context.Canceled, "the service must run until the signal")
		require.Zero(t, process.ProcessState.ExitCode())
	})

	port := ""

	require.Eventually(t, func() bool {
		text, err := os.ReadFile(log.Name())
		require.NoError(t, err)

		port = portIn(string(text))

		return port != ""
	}, waitFor, tick, "waiting for the address in %s", log.Name())
	assertContained(t, process)

	return "http://127.0.0.1:" + port
}

// assertContained asserts, with the kernel's data, that a process runs as the image's user, has no privileges, and sees
// only the image's files.
func assertContained(t *testing.T, process *exec.Cmd) {
	t.Helper()

	about := func(name string) string { return filepath.Join("/proc", strconv.Itoa(process.Process.Pid), name) }

	root, err := os.Readlink(about("root"))
	require.NoError(t, err)

	folder, err := filepath.EvalSymlinks(process.SysProcAttr.Chroot)
	require.NoError(t, err)
	assert.Equal(t, folder, root)

	for _, ids := range []string{"uid_map", "gid_map"} {
		text, err := os.ReadFile(about(ids))
		require.NoError(t, err)
		assert.Equal(t, "65532", strings.Fields(string(text))[0], ids)
	}

	status, err := os.ReadFile(about("status"))
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^CapPrm:\s0+$`, string(status), "no capabilities")
}

// portIn returns the port in the log line of a service that starts to listen.
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

// statusOf returns the status of a GET, as a probe of Kubernetes sees it.
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

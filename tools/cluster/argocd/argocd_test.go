package argocd_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/cluster/argocd"
	"github.com/msur/platform/tools/cluster/level/leveltest"
)

func TestArgoCDRunsAfterItsRelease(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	ready, _ := s.run(t)

	assert.Never(t, isReady(ready), 30*leveltest.Often, leveltest.Often, "its settings do not exist yet")
	assert.NoFileExists(t, filepath.Join(s.folder, "argocd", "argocd-repo-server.log"))

	s.released.Store(true)
	require.Eventually(t, isReady(ready), leveltest.Soon, leveltest.Often)

	for _, program := range programs() {
		s.starts(t, program, 1)
	}
}

func TestArgoCDWaitsForItsCluster(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.released.Store(true)

	kubeconfig := filepath.Join(s.folder, "kubeconfig")
	require.NoError(t, os.Rename(kubeconfig, kubeconfig+".later"))

	ready, _ := s.run(t)
	assert.Never(t, isReady(ready), 30*leveltest.Often, leveltest.Often)

	require.NoError(t, os.Rename(kubeconfig+".later", kubeconfig))
	require.Eventually(t, isReady(ready), leveltest.Soon, leveltest.Often)
}

func TestProgramsGetTheAddressesOfEachOther(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.released.Store(true)
	ready, _ := s.run(t)
	require.Eventually(t, isReady(ready), leveltest.Soon, leveltest.Often)

	var (
		repoServer     = s.starts(t, programs()[0], 1)[0]
		controller     = s.starts(t, programs()[1], 1)[0]
		applicationSet = s.starts(t, programs()[2], 1)[0]
		address        = "127.0.0.1:" + flag(repoServer.Flags, "--port")
	)

	assert.Equal(t, address, flag(controller.Flags, "--repo-server"))
	assert.Equal(t, address, flag(applicationSet.Flags, "--argocd-repo-server"))
	assert.Equal(t, flag(repoServer.Flags, "--redis"), flag(controller.Flags, "--redis"))

	for _, client := range []started{controller, applicationSet} {
		assert.Equal(t, "argocd", flag(client.Flags, "-n"))
		assert.Contains(t, client.Flags, "--repo-server-plaintext")
	}

	ports := []string{
		address, "127.0.0.1:" + flag(repoServer.Flags, "--metrics-port"),
		"127.0.0.1:" + flag(controller.Flags, "--metrics-port"), flag(applicationSet.Flags, "--metrics-addr"),
		flag(applicationSet.Flags, "--probe-addr"), flag(applicationSet.Flags, "--webhook-addr"),
	}
	slices.Sort(ports)
	assert.Len(t, slices.Compact(ports), 6, "each listens at its own address")

	var dialer net.Dialer

	redis, err := dialer.DialContext(t.Context(), "tcp", flag(controller.Flags, "--redis"))
	require.NoError(t, err, "Redis must listen")
	require.NoError(t, redis.Close())
}

func TestProgramsDoNotInheritTheEnvironment(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.released.Store(true)
	s.run(t)

	environment := s.starts(t, "argocd-application-controller", 1)[0].Environment

	for _, name := range []string{"home", "tmp", "tls", "ssh", "gpg", "gnupg"} {
		assert.DirExists(t, filepath.Join(s.folder, "argocd", name))
	}

	for _, variable := range []string{
		"KUBECONFIG=" + filepath.Join(s.folder, "kubeconfig"),
		"HOME=" + filepath.Join(s.folder, "argocd", "home"),
		"ARGOCD_TLS_DATA_PATH=" + filepath.Join(s.folder, "argocd", "tls"),
		"ARGOCD_FAKE_IN_CLUSTER=true", "NO_PROXY=127.0.0.1,localhost",
	} {
		assert.Contains(t, environment, variable)
	}

	assert.True(t, slices.ContainsFunc(environment, func(variable string) bool {
		return strings.HasPrefix(variable, "PATH="+s.bin+":")
	}), "the Helm next to Argo CD must be the first in PATH")
	assert.False(t, slices.ContainsFunc(environment, func(variable string) bool {
		return strings.HasPrefix(variable, "PWD=")
	}), "no other variable is inherited")
}

func TestProgramsReachTheRepositoryThroughTheProxy(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.released.Store(true)
	created := exec.CommandContext(t.Context(), "git", "init", "--quiet", "--bare",
		filepath.Join(s.folder, "repository.git"))
	require.NoError(t, created.Run())
	s.run(t)

	ask := exec.CommandContext(t.Context(), "git", "ls-remote", "https://github.com/msur/platform.git")
	ask.Env = slices.Concat(s.starts(t, "argocd-repo-server", 1)[0].Environment,
		[]string{"GIT_SSL_CAINFO=" + filepath.Join(s.folder, "argocd", "tls", "github.com")})
	output, err := ask.CombinedOutput()

	require.NoError(t, err, "%s", output)
}

func TestAnEndedProgramIsRestarted(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.released.Store(true)
	s.run(t)

	first := s.starts(t, "argocd-application-controller", 1)[0]
	require.NoError(t, syscall.Kill(first.ID, syscall.SIGKILL))

	second := s.starts(t, "argocd-application-controller", 2)[1]
	assert.NotEqual(t, first.ID, second.ID)
	assert.Equal(t, first.Flags, second.Flags)
}

func TestProgramsEndWithArgoCD(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.released.Store(true)
	ready, stop := s.run(t)
	require.Eventually(t, isReady(ready), leveltest.Soon, leveltest.Often)

	var ids []int
	for _, program := range programs() {
		ids = append(ids, s.starts(t, program, 1)[0].ID)
	}

	stop()

	for i, id := range ids {
		assert.ErrorIs(t, syscall.Kill(id, 0), syscall.ESRCH, programs()[i]+" "+strconv.Itoa(id))
	}
}

func TestArgoCDEndsWhileItWaits(t *testing.T) {
	t.Parallel()

	s := newSite(t)

	ctx, cancel := context.WithTimeout(t.Context(), 30*leveltest.Often)
	defer cancel()

	err := argocd.Run(ctx, s.bin, s.folder, func() { assert.Fail(t, "Argo CD must not be ready") })

	require.ErrorContains(t, err, "waiting for the release of Argo CD: ")
}

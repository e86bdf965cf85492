package argocd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/msur/platform/tools/cluster/argocd"
	"github.com/msur/platform/tools/cluster/level/leveltest"
)

// TestMain lets the test's binary play the parts of Argo CD's.
func TestMain(m *testing.M) {
	if os.Getenv("ARGOCD_BINARY_NAME") != "" {
		if err := play(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}

		return
	}

	os.Exit(m.Run())
}

// started is what a program is started with, as it writes it into its log.
type started struct {
	ID          int      `json:"id"`
	Flags       []string `json:"flags"`
	Environment []string `json:"environment"`
}

// play plays a part until it is told to end.
func play() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()

	text, err := json.Marshal(started{ID: os.Getpid(), Flags: os.Args[1:], Environment: os.Environ()})
	if err != nil {
		return err
	}

	if os.Getenv("ARGOCD_BINARY_NAME") == "argocd-repo-server" {
		var sockets net.ListenConfig

		listener, err := sockets.Listen(ctx, "tcp", "127.0.0.1:"+flag(os.Args, "--port"))
		if err != nil {
			return err
		}
		defer listener.Close()
	}

	fmt.Fprintln(os.Stdout, string(text))
	<-ctx.Done()

	return nil
}

func flag(flags []string, name string) string { return flags[slices.Index(flags, name)+1] }

// site is a folder with a cluster, beside which Argo CD is to run.
type site struct {
	folder, bin string
	// released is that Argo CD's release is in the cluster.
	released atomic.Bool
}

func newSite(t *testing.T) *site {
	t.Helper()

	s := &site{folder: t.TempDir(), bin: t.TempDir()}

	self, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(self, filepath.Join(s.bin, "argocd")))

	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		if !s.released.Load() || request.URL.Path != "/api/v1/namespaces/argocd/secrets/argocd-redis" {
			http.NotFound(response, request)

			return
		}

		response.Header().Set("Content-Type", "application/json")
		_, err := response.Write([]byte(`{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "argocd-redis"}}`))
		assert.NoError(t, err)
	}))
	t.Cleanup(server.Close)

	config := clientcmdapi.NewConfig()
	config.Clusters["one"] = &clientcmdapi.Cluster{Server: server.URL}
	config.Contexts["one"] = &clientcmdapi.Context{Cluster: "one"}
	config.CurrentContext = "one"
	require.NoError(t, clientcmd.WriteToFile(*config, filepath.Join(s.folder, "kubeconfig")))

	return s
}

// run runs Argo CD, and returns what is closed when it is ready, and what ends it.
func (s *site) run(t *testing.T) (<-chan struct{}, func()) {
	t.Helper()

	ready := make(chan struct{})
	stop := leveltest.Start(t, func(ctx context.Context) error {
		return argocd.Run(ctx, s.bin, s.folder, func() { close(ready) })
	})

	return ready, stop
}

// starts are those of a program, of which there are at least so many.
func (s *site) starts(t *testing.T, program string, count int) []started {
	t.Helper()

	var found []started

	require.EventuallyWithT(t, func(c *assert.CollectT) {
		log, err := os.ReadFile(filepath.Clean(filepath.Join(s.folder, "argocd", program+".log")))
		require.NoError(c, err)

		found = nil

		for line := range strings.Lines(string(log)) {
			var one started
			if json.Unmarshal([]byte(line), &one) == nil {
				found = append(found, one)
			}
		}

		assert.GreaterOrEqual(c, len(found), count, "%s has started", program)
	}, leveltest.Soon, leveltest.Often)

	return found
}

func isReady(ready <-chan struct{}) func() bool {
	return func() bool {
		select {
		case <-ready:
			return true
		default:
			return false
		}
	}
}

func programs() []string {
	return []string{"argocd-repo-server", "argocd-application-controller", "argocd-applicationset-controller"}
}

func TestArgoCDRunsAfterItsRelease(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	ready, _ := s.run(t)

	assert.Never(t, isReady(ready), 30*leveltest.Often, leveltest.Often, "its settings are not there yet")
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

	for _, asks := range []started{controller, applicationSet} {
		assert.Equal(t, "argocd", flag(asks.Flags, "-n"))
		assert.Contains(t, asks.Flags, "--repo-server-plaintext")
	}

	ports := []string{
		address, "127.0.0.1:" + flag(repoServer.Flags, "--metrics-port"),
		"127.0.0.1:" + flag(controller.Flags, "--metrics-port"), flag(applicationSet.Flags, "--metrics-addr"),
		flag(applicationSet.Flags, "--probe-addr"), flag(applicationSet.Flags, "--webhook-addr"),
	}
	slices.Sort(ports)
	assert.Len(t, slices.Compact(ports), 6, "no two listen at one address")

	var dialer net.Dialer

	redis, err := dialer.DialContext(t.Context(), "tcp", flag(controller.Flags, "--redis"))
	require.NoError(t, err, "Redis answers")
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
	}), "Helm is found beside Argo CD first")
	assert.False(t, slices.ContainsFunc(environment, func(variable string) bool {
		return strings.HasPrefix(variable, "PWD=")
	}), "nothing is handed on")
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
	said, err := ask.CombinedOutput()

	require.NoError(t, err, "%s", said)
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

	err := argocd.Run(ctx, s.bin, s.folder, func() { assert.Fail(t, "it is not ready") })

	require.ErrorContains(t, err, "waiting for the release of Argo CD: ")
}

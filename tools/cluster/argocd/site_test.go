package argocd_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
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

// TestMain makes the test's binary stand in for Argo CD's programs.
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

// started describes the start of a program, as the program logs it.
type started struct {
	ID          int      `json:"id"`
	Flags       []string `json:"flags"`
	Environment []string `json:"environment"`
}

// play stands in for a program until it gets a signal.
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

// site is the folder of a fake cluster, for which Argo CD runs.
type site struct {
	folder, bin string
	// released reports whether the cluster contains Argo CD's release.
	released atomic.Bool
}

func newSite(t *testing.T) *site {
	t.Helper()

	s := &site{folder: t.TempDir(), bin: t.TempDir()}

	self, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(self, filepath.Join(s.bin, "argocd")))

	const statefulSet = "/apis/apps/v1/namespaces/argocd/statefulsets/argocd-application-controller"

	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		if !s.released.Load() || request.URL.Path != statefulSet {
			http.NotFound(response, request)

			return
		}

		response.Header().Set("Content-Type", "application/json")
		_, err := response.Write([]byte(`{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "one"}}`))
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

// run runs Argo CD. It returns a channel that is closed when Argo CD is ready, and a function that ends it.
func (s *site) run(t *testing.T) (<-chan struct{}, func()) {
	t.Helper()

	ready := make(chan struct{})
	stop := leveltest.Start(t, func(ctx context.Context) error {
		return argocd.Run(ctx, s.bin, s.folder, func() { close(ready) })
	})

	return ready, stop
}

// starts waits for at least count starts of a program, and returns them.
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

// Package argocd runs Argo CD for a cluster: the application controller, the ApplicationSet controller and the
// repo-server, as processes instead of pods, with a Redis in memory. They read their settings from the cluster.
package argocd

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/msur/platform/tools/cluster/controlplane"
	"github.com/msur/platform/tools/cluster/github"
)

// namespace is the namespace of Argo CD.
const namespace = "argocd"

// pause is the interval of polling.
const pause = 100 * time.Millisecond

// argo is Argo CD for one cluster.
type argo struct {
	bin, folder, kubeconfig string
	redis                   string
	internet                *github.Proxy
}

// Run runs Argo CD until ctx ends, with the tools argocd and helm in bin. It deploys from the bare repository
// repository.git in the folder, whatever URL the Applications name. It calls ready once Argo CD serves.
func Run(ctx context.Context, bin, folder string, ready func()) error {
	a := &argo{bin: bin, folder: filepath.Join(folder, "argocd"), kubeconfig: controlplane.Folder(folder).Kubeconfig()}

	store, err := startRedis(ctx)
	if err != nil {
		return err
	}

	a.redis = store.Addr()

	a.internet, err = github.Serve(ctx, filepath.Join(folder, "repository.git"))
	if err != nil {
		return fmt.Errorf("serving the repository: %w", err)
	}
	defer a.internet.Close()

	if err := a.prepare(ctx); err != nil {
		return err
	}

	return a.run(ctx, ready)
}

// prepare creates the folders that pods would have, and waits for the settings of Argo CD, which its release creates.
func (a *argo) prepare(ctx context.Context) error {
	for _, name := range []string{"tls", "ssh", "gpg", "gnupg", "home", "tmp"} {
		if err := os.MkdirAll(filepath.Join(a.folder, name), 0o700); err != nil {
			return fmt.Errorf("creating the folders of Argo CD: %w", err)
		}
	}

	// The proxy answers for the host with a certificate of this authority.
	files := map[string][]byte{"ssh/ssh_known_hosts": nil, "tls/" + github.Host: a.internet.Authority()}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(a.folder, name), text, 0o600); err != nil {
			return fmt.Errorf("creating the files of Argo CD: %w", err)
		}
	}

	return poll(ctx, "the release of Argo CD", func(ctx context.Context) error {
		config, err := clientcmd.BuildConfigFromFlags("", a.kubeconfig)
		if err != nil {
			return err
		}

		client, err := kubernetes.NewForConfig(config)
		if err != nil {
			return err
		}

		// Helm creates StatefulSets after the objects that Argo CD reads (helm.sh/helm/v3, pkg/releaseutil, InstallOrder).
		_, err = client.AppsV1().StatefulSets(namespace).Get(ctx, "argocd-application-controller", metav1.GetOptions{})

		return err
	})
}

// poll repeats a check until it succeeds.
func poll(ctx context.Context, title string, check func(context.Context) error) error {
	err := wait.PollUntilContextCancel(ctx, pause, true, func(ctx context.Context) (bool, error) {
		return check(ctx) == nil, nil
	})
	if err != nil {
		return fmt.Errorf("waiting for %s: %w", title, err)
	}

	return nil
}

// run runs the programs and calls ready when they serve.
func (a *argo) run(ctx context.Context, ready func()) error {
	ports, err := controlplane.FreePorts(6)
	if err != nil {
		return err
	}

	const here = "127.0.0.1"

	repoServer := net.JoinHostPort(here, ports[0])
	programs := map[string][]string{
		"argocd-repo-server": {
			"--address", here, "--port", ports[0], "--metrics-address", here, "--metrics-port", ports[1],
			"--redis", a.redis, "--disable-tls", "--revision-cache-expiration", "1s",
		},
		"argocd-application-controller": {
			"-n", namespace, "--redis", a.redis, "--metrics-port", ports[2],
			"--repo-server", repoServer, "--repo-server-plaintext",
			// Look for new commits every 2 seconds instead of every 3 minutes, and heal drift immediately.
			"--app-resync", "2", "--app-resync-jitter", "0", "--self-heal-timeout-seconds", "1",
			"--self-heal-backoff-timeout-seconds", "1", "--self-heal-backoff-cap-seconds", "2",
			// Report a chart that does not render immediately instead of after three minutes.
			"--repo-error-grace-period-seconds", "1",
		},
		"argocd-applicationset-controller": {
			"-n", namespace, "--argocd-repo-server", repoServer, "--repo-server-plaintext",
			"--metrics-addr", net.JoinHostPort(here, ports[3]), "--probe-addr", net.JoinHostPort(here, ports[4]),
			"--webhook-addr", net.JoinHostPort(here, ports[5]),
		},
	}

	group, ctx := errgroup.WithContext(ctx)
	for name, flags := range programs {
		group.Go(func() error { return a.supervise(ctx, name, flags) })
	}

	group.Go(func() error {
		serves := poll(ctx, "Argo CD's repo-server", func(ctx context.Context) error {
			connection, err := new(net.Dialer).DialContext(ctx, "tcp", repoServer)
			if err != nil {
				return err
			}

			return connection.Close()
		})
		if serves == nil {
			ready()
		}

		return nil // otherwise, ctx has ended
	})

	return group.Wait()
}

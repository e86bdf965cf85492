package controlplane

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	logsapi "k8s.io/component-base/logs/api/v1"
)

// ControlPlane is a running one.
type ControlPlane struct {
	// Config is for clients that may do everything.
	Config *rest.Config

	etcd *embed.Etcd
	// server is the API server, and askers are those that cannot be without it.
	server, askers *parts
}

const (
	// patience is how long the API server may take to be ready.
	patience = 2 * time.Minute
	// grace is how long it may take to end.
	grace = time.Second
)

// Start starts everything on the folder, and returns once the API server is ready. Only one control plane can run in
// a process, and only once: Kubernetes' own commands allow no more.
func Start(ctx context.Context, folder Folder) (*ControlPlane, error) {
	if err := os.MkdirAll(string(folder), 0o700); err != nil {
		return nil, fmt.Errorf("making the cluster's folder: %w", err)
	}

	reached, err := folder.prepare()
	if err != nil {
		return nil, err
	}

	c := &ControlPlane{server: newParts(ctx), askers: newParts(ctx)}
	if err := c.start(ctx, folder, reached); err != nil {
		c.Stop()

		return nil, err
	}

	return c, nil
}

// prepare writes all that the parts read.
func (f Folder) prepare() (access, error) {
	authority, err := f.identity()
	if err != nil {
		return access{}, err
	}

	reached, err := f.access()
	if err != nil {
		return access{}, err
	}

	return reached, f.put(reached, authority)
}

// Wait returns when ctx has ended, or a part that should not have.
func (c *ControlPlane) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-c.server.ended:
		return err
	case err := <-c.askers.ended:
		return err
	}
}

// Stop ends the API server, and etcd last, which has all that is to be kept. Nobody waits for long: whoever watches
// something keeps the API server waiting for a minute, and some controllers would ask for half of one.
func (c *ControlPlane) Stop() {
	c.askers.cancel()
	c.server.stop(grace)

	if c.etcd != nil {
		c.etcd.Server.Stop()
	}
}

func (c *ControlPlane) start(ctx context.Context, folder Folder, reached access) error {
	// The controller manager's command changes the default of a feature gate, which nobody may do once the others have
	// read them. Each sets up logging, which is taken for a mistake otherwise.
	logsapi.ReapplyHandling = logsapi.ReapplyHandlingIgnoreUnchanged
	manager := newManager(folder)

	var (
		address string
		err     error
	)

	c.etcd, address, err = startEtcd(ctx, folder.file("etcd"))
	if err != nil {
		return err
	}

	if err := c.server.make("the API server", newServer, serverFlags(folder, reached, address)); err != nil {
		return err
	}

	c.Config, err = clientcmd.BuildConfigFromFlags("", folder.Kubeconfig())
	if err != nil {
		return fmt.Errorf("reading the cluster's kubeconfig: %w", err)
	}

	if err := c.await(ctx); err != nil {
		return err
	}

	c.askers.run("the controller manager", manager)

	return c.askers.make("the scheduler", newScheduler, schedulerFlags(folder))
}

// await waits until the API server says that it is ready.
func (c *ControlPlane) await(ctx context.Context) error {
	client, err := kubernetes.NewForConfig(c.Config)
	if err != nil {
		return fmt.Errorf("waiting for the API server: %w", err)
	}

	const pause = 50 * time.Millisecond

	var last error

	err = wait.PollUntilContextTimeout(ctx, pause, patience, true, func(ctx context.Context) (bool, error) {
		select {
		case err := <-c.server.ended:
			return false, err
		default:
		}

		var status int

		last = client.RESTClient().Get().AbsPath("/readyz").Do(ctx).StatusCode(&status).Error()

		return status == http.StatusOK, nil
	})
	if err != nil {
		return fmt.Errorf("waiting for the API server to be ready: %w", errors.Join(err, last))
	}

	return nil
}

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

// ControlPlane is a running control plane.
type ControlPlane struct {
	// Config is the configuration of clients with all permissions.
	Config *rest.Config

	etcd *embed.Etcd
	// server is the API server. clients are its clients, which cannot run without it.
	server, clients *parts
}

const (
	// patience is the time limit for the API server to become ready.
	patience = 2 * time.Minute
	// grace is the time limit for it to end.
	grace = time.Second
)

// Start starts the control plane of a folder, and returns when the API server is ready. The certificate of a new folder
// is valid for other hosts too, which this process serves. A process can start only one
// control plane, because Kubernetes' commands use global state.
func Start(ctx context.Context, folder Folder, hosts ...string) (*ControlPlane, error) {
	if err := os.MkdirAll(string(folder), 0o700); err != nil {
		return nil, fmt.Errorf("creating the cluster's folder: %w", err)
	}

	reached, err := folder.prepare(hosts...)
	if err != nil {
		return nil, err
	}

	c := &ControlPlane{server: newParts(ctx), clients: newParts(ctx)}
	if err := c.start(ctx, folder, reached); err != nil {
		c.Stop()

		return nil, err
	}

	return c, nil
}

// prepare writes the files that the parts read.
func (f Folder) prepare(hosts ...string) (access, error) {
	authority, err := f.identity(hosts)
	if err != nil {
		return access{}, err
	}

	reached, err := f.access()
	if err != nil {
		return access{}, err
	}

	return reached, f.put(reached, authority)
}

// Wait returns when ctx ends, or when a part ends unexpectedly.
func (c *ControlPlane) Wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case <-c.server.ctx.Done():
		return c.server.cause()
	case <-c.clients.ctx.Done():
		return c.clients.cause()
	}
}

// Stop ends the parts: first the clients, then the API server, and last etcd, which stores the cluster's state. It
// limits the time for each: open watches delay the API server for a minute, and some controllers for half a minute.
func (c *ControlPlane) Stop() {
	c.clients.cancel(nil)
	c.server.stop(grace)

	if c.etcd != nil {
		c.etcd.Server.Stop()
	}
}

func (c *ControlPlane) start(ctx context.Context, folder Folder, reached access) error {
	// Create the controller manager first: its command changes the default of a feature gate, which fails after another
	// command has read it. Each command configures logging, which must be allowed to happen again.
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

	c.server.run("the API server", func(ctx context.Context) error {
		return runServer(ctx, serverFlags(folder, reached, address))
	})

	c.Config, err = clientcmd.BuildConfigFromFlags("", folder.Kubeconfig())
	if err != nil {
		return fmt.Errorf("reading the cluster's kubeconfig: %w", err)
	}

	if err := c.await(ctx); err != nil {
		return fmt.Errorf("waiting for the API server to be ready: %w", err)
	}

	c.clients.run("the controller manager", manager)
	c.clients.run("the scheduler", func(ctx context.Context) error { return runScheduler(ctx, schedulerFlags(folder)) })

	return nil
}

// await waits until the API server is ready.
func (c *ControlPlane) await(ctx context.Context) error {
	client, err := kubernetes.NewForConfig(c.Config)
	if err != nil {
		return err
	}

	const pause = 50 * time.Millisecond

	var last error

	err = wait.PollUntilContextTimeout(ctx, pause, patience, true, func(ctx context.Context) (bool, error) {
		var status int

		last = client.RESTClient().Get().AbsPath("/readyz").Do(ctx).StatusCode(&status).Error()

		return status == http.StatusOK, c.server.cause()
	})
	if err != nil {
		return errors.Join(err, last)
	}

	return nil
}

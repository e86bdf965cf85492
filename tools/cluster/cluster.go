package main

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"
	"k8s.io/client-go/kubernetes"

	"github.com/msur/platform/tools/cluster/controlplane"
	"github.com/msur/platform/tools/cluster/kubelet"
	"github.com/msur/platform/tools/cluster/metrics"
	"github.com/msur/platform/tools/cluster/nodes"
	"github.com/msur/platform/tools/cluster/releases"
)

// runCluster runs the control plane and its clients until ctx ends: nodes and pods, metrics, and the
// repositories of charts.
func runCluster(ctx context.Context, bin string, folder controlplane.Folder, ready func()) error {
	charts, err := releases.Load(bin)
	if err != nil {
		return err
	}

	plane, err := controlplane.Start(ctx, folder, releases.Hosts()...)
	if err != nil {
		return fmt.Errorf("starting the control plane: %w", err)
	}

	defer plane.Stop()

	config := plane.Config
	config.QPS = -1 // this process is the only user, so it need not limit itself

	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("connecting to the cluster: %w", err)
	}

	identity, err := folder.Identity()
	if err != nil {
		return err
	}

	if err := releases.Serve(ctx, charts, identity, folder.Hosts()); err != nil {
		return err
	}

	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return nodes.Run(ctx, folder.Kubeconfig()) })
	group.Go(func() error { return kubelet.Run(ctx, client, os.Stdout) })
	group.Go(func() error { return releases.Publish(ctx, client, os.Stdout) })
	group.Go(func() error { return metrics.Run(ctx, client, metrics.Register(config, client)) })
	group.Go(func() error { return plane.Wait(ctx) })

	ready()

	return group.Wait()
}

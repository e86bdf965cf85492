// Cluster runs a Kubernetes cluster in one process: a real control plane, simulated nodes, and stand-ins for charts
// that are not available offline. It also runs a real Argo CD.
//
//	cluster control-plane FOLDER   runs the cluster whose state and kubeconfig are in FOLDER
//	cluster argocd FOLDER          runs Argo CD for that cluster, after its release is created
//
// Both run until they get a signal, and print a line "ready" when they are.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/msur/platform/tools/cluster/argocd"
	"github.com/msur/platform/tools/cluster/controlplane"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)

	err := run(ctx, os.Args[1:])

	stop()

	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("got %d arguments, expected two: control-plane or argocd, and a folder", len(args))
	}

	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding the folder of the tools: %w", err)
	}

	folder, err := filepath.Abs(args[1])
	if err != nil {
		return fmt.Errorf("finding %s: %w", args[1], err)
	}

	ready := func() { fmt.Fprintln(os.Stdout, "ready") }

	switch args[0] {
	case "control-plane":
		return runCluster(ctx, filepath.Dir(self), controlplane.Folder(folder), ready)
	case "argocd":
		return argocd.Run(ctx, filepath.Dir(self), folder, ready)
	default:
		return fmt.Errorf("unknown command %q: expected control-plane or argocd", args[0])
	}
}

// Package nodes simulates nodes and their pods with kwok. It manages the nodes that have kwok's annotation, as those of
// a rehearsal have.
package nodes

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"

	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/utils/clock"
	"sigs.k8s.io/kwok/pkg/apis/internalversion"
	"sigs.k8s.io/kwok/pkg/apis/v1alpha1"
	"sigs.k8s.io/kwok/pkg/kwok/controllers"
	"sigs.k8s.io/kwok/pkg/utils/client"
)

//go:embed stages.yaml
var stages []byte

// Run runs kwok in this process until ctx ends.
func Run(ctx context.Context, kubeconfig string) error {
	clients, err := connect(kubeconfig)
	if err != nil {
		return fmt.Errorf("connecting kwok: %w", err)
	}

	played, err := readStages()
	if err != nil {
		return err
	}

	clients.Clock = clock.RealClock{}
	clients.LocalStages = played
	clients.ID = "kwok"
	clients.ManageNodesWithAnnotationSelector = "kwok.x-k8s.io/node=fake"
	clients.CIDR = "10.64.0.1/16" // outside the range of Services
	clients.NodeIP = "10.64.255.254"
	// kwok's default.
	clients.PodPlayStageParallelism, clients.NodePlayStageParallelism = 4, 4
	clients.NodeLeaseParallelism, clients.PodsOnNodeSyncParallelism = 4, 4
	// The lease duration, which corresponds to the 40 seconds after which a node on EKS is unreachable.
	clients.NodeLeaseDurationSeconds = 8

	controller, err := controllers.NewController(clients)
	if err != nil {
		return fmt.Errorf("configuring kwok: %w", err)
	}

	if err := controller.Start(ctx); err != nil {
		return fmt.Errorf("starting kwok: %w", err)
	}

	<-ctx.Done()

	return nil
}

// connect creates the clients for kwok.
func connect(kubeconfig string) (controllers.Config, error) {
	set, err := client.NewClientset("", kubeconfig)
	if err != nil {
		return controllers.Config{}, err
	}

	config, err := set.ToRESTConfig()
	if err != nil {
		return controllers.Config{}, err
	}

	typed, err := kubernetes.NewForConfig(config)
	if err != nil {
		return controllers.Config{}, err
	}

	dynamic, err := set.ToDynamicClient()
	if err != nil {
		return controllers.Config{}, err
	}

	mapper, err := set.ToRESTMapper()
	if err != nil {
		return controllers.Config{}, err
	}

	plain, err := rest.RESTClientFor(config)

	return controllers.Config{
		TypedClient: typed, DynamicClient: dynamic, RESTMapper: mapper, RESTClient: plain,
		ImpersonatingDynamicClient: set.ToImpersonatingDynamicClient(),
		ImpersonatingTypedClient:   set.ToImpersonatingTypedClient(),
	}, err
}

// readStages returns kwok's stages, by the kind of their objects.
func readStages() (map[internalversion.StageResourceRef][]*internalversion.Stage, error) {
	read := map[internalversion.StageResourceRef][]*internalversion.Stage{}
	documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(stages), len(stages))

	for {
		var written v1alpha1.Stage

		err := documents.Decode(&written)
		if errors.Is(err, io.EOF) {
			return read, nil
		}

		stage, errStage := internalversion.ConvertToInternalStage(&written)
		if err := errors.Join(err, errStage); err != nil {
			return nil, fmt.Errorf("reading kwok's stages: %w", err)
		}

		read[stage.Spec.ResourceRef] = append(read[stage.Spec.ResourceRef], stage)
	}
}

// Package kube declares what is in a cluster. Of Helm it has the one type that is needed: the Kubernetes SDK's package
// for Helm brings every API group of Kubernetes with it, and two thirds of the time that a build takes.
package kube

import (
	"errors"
	"fmt"
	"time"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Chart is a chart at one version in a repository.
type Chart struct {
	// Repository is the URL of the repository, Name the chart's name in it.
	Repository, Name, Version string
}

// Release is a chart installed in a cluster. The engine sees one resource, whatever the chart makes.
type Release struct {
	pulumi.CustomResourceState
}

// ReleaseArgs are the inputs of a Release. All are required.
type ReleaseArgs struct {
	Chart Chart
	// Name is the release's within its namespace, which must be there.
	Name      string
	Namespace pulumi.StringInput
	// Timeout is how long Helm waits for each hook, and then for everything to be ready, in whole seconds. The provider's
	// own default of 300 seconds is less than a first install on cold nodes may take (pulumi-kubernetes, "Release").
	Timeout time.Duration
	// Values are the chart's.
	Values pulumi.Map
}

// NewRelease installs a chart, and waits until what it makes is ready.
func NewRelease(ctx *pulumi.Context, name string, args *ReleaseArgs, opts ...pulumi.ResourceOption) (*Release, error) {
	if args.Timeout < time.Second {
		return nil, fmt.Errorf("release %s: %w", name, errNoTimeout)
	}

	release := &Release{}

	err := ctx.RegisterResource("kubernetes:helm.sh/v3:Release", name, pulumi.Map{
		"chart":          pulumi.String(args.Chart.Name),
		"version":        pulumi.String(args.Chart.Version),
		"repositoryOpts": pulumi.Map{"repo": pulumi.String(args.Chart.Repository)},
		"name":           pulumi.String(args.Name),
		"namespace":      args.Namespace,
		"timeout":        pulumi.Int(int(args.Timeout / time.Second)),
		"values":         args.Values,
	}, release, opts...)
	if err != nil {
		return nil, fmt.Errorf("release %s: %w", name, err)
	}

	return release, nil
}

// errNoTimeout is returned for a release that would wait as long as the provider's default says.
var errNoTimeout = errors.New("no timeout: expected one second or more")

// NewNamespace makes a namespace in which Pod Security's strictest level holds: pods beyond it are refused, and whoever
// declares what would make such pods is warned.
func NewNamespace(
	ctx *pulumi.Context, name, namespace string, opts ...pulumi.ResourceOption,
) (*corev1.Namespace, error) {
	level := pulumi.String("restricted")

	space, err := corev1.NewNamespace(ctx, name, &corev1.NamespaceArgs{
		Metadata: metav1.ObjectMetaArgs{
			Name: pulumi.String(namespace),
			Labels: pulumi.StringMap{
				"pod-security.kubernetes.io/enforce": level,
				"pod-security.kubernetes.io/warn":    level,
				"pod-security.kubernetes.io/audit":   level,
			},
		},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("namespace %s: %w", namespace, err)
	}

	return space, nil
}

// In deploys a resource into the cluster of a provider, and has it go with that cluster: nobody waits for finalizers of
// objects that are about to vanish, nor for an API server that is gone.
//
// It is the provider, not the cluster, that they are deleted with. The engine replaces both together, but deletes the
// component of the cluster in a destroy alone, and does not count the replaced resource itself among what is deleted;
// besides, it has closed the provider when it comes to the objects (docs/decisions/0014).
func In(provider pulumi.ProviderResource) pulumi.ResourceOption {
	return pulumi.Composite(pulumi.Provider(provider), pulumi.DeletedWith(provider))
}

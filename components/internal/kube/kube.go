// Package kube creates resources in a cluster. It has its own type for Helm releases, because the Kubernetes SDK's
// package for Helm imports every API group of Kubernetes, which takes two thirds of the time of a build.
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
	// Repository is the URL of the repository, and Name the chart's name in it. A chart in an OCI registry has no
	// repository: its name is its URL, such as "oci://public.ecr.aws/karpenter/karpenter".
	Repository, Name, Version string
}

// Release is a chart installed in a cluster. The engine sees one resource, whatever the chart creates.
type Release struct {
	pulumi.CustomResourceState
}

// ReleaseArgs are the inputs of a Release. All are required except Values.
type ReleaseArgs struct {
	Chart Chart
	// Name is the name of the release in its namespace, which must exist.
	Name      string
	Namespace pulumi.StringInput
	// Timeout is how long Helm waits for each hook, and then for all objects to be ready, in whole seconds. The provider's
	// default of 300 seconds can be too short for a first install on new nodes (pulumi-kubernetes, "Release").
	Timeout time.Duration
	// Values are the values of the chart. Default: its own.
	Values pulumi.Map
}

// NewRelease installs a chart, and waits until its objects are ready.
func NewRelease(ctx *pulumi.Context, name string, args *ReleaseArgs, opts ...pulumi.ResourceOption) (*Release, error) {
	if args.Timeout < time.Second {
		return nil, fmt.Errorf("release %s: %w", name, errNoTimeout)
	}

	release, inputs := &Release{}, pulumi.Map{
		"chart":     pulumi.String(args.Chart.Name),
		"version":   pulumi.String(args.Chart.Version),
		"name":      pulumi.String(args.Name),
		"namespace": args.Namespace,
		"timeout":   pulumi.Int(int(args.Timeout / time.Second)),
	}

	if len(args.Values) > 0 {
		inputs["values"] = args.Values
	}

	if args.Chart.Repository != "" {
		inputs["repositoryOpts"] = pulumi.Map{"repo": pulumi.String(args.Chart.Repository)}
	}

	if err := ctx.RegisterResource("kubernetes:helm.sh/v3:Release", name, inputs, release, opts...); err != nil {
		return nil, fmt.Errorf("release %s: %w", name, err)
	}

	return release, nil
}

// errNoTimeout is returned for a release that would get the provider's default.
var errNoTimeout = errors.New("no timeout: expected one second or more")

// NewNamespace creates a namespace with Pod Security's strictest level: other pods are refused, and objects that would
// create such pods cause a warning.
func NewNamespace(
	ctx *pulumi.Context, name, namespace string, opts ...pulumi.ResourceOption,
) (*corev1.Namespace, error) {
	level := pulumi.String("restricted")

	return corev1.NewNamespace(ctx, name, &corev1.NamespaceArgs{
		Metadata: metav1.ObjectMetaArgs{
			Name: pulumi.String(namespace),
			Labels: pulumi.StringMap{
				"pod-security.kubernetes.io/enforce": level,
				"pod-security.kubernetes.io/warn":    level,
				"pod-security.kubernetes.io/audit":   level,
			},
		},
	}, opts...)
}

// In deploys a resource into the cluster of a provider, and deletes it with the provider: a destroy waits neither for
// the finalizers of objects that vanish with the cluster, nor for an API server that no longer exists.
//
// Objects are deleted with the provider and not with the cluster. The engine replaces both together, but it deletes the
// cluster's component only in a destroy, it does not count a replaced resource as deleted, and it has closed the
// provider by the time it would delete the objects (docs/decisions/0014).
func In(provider pulumi.ProviderResource) pulumi.ResourceOption {
	return pulumi.Composite(pulumi.Provider(provider), pulumi.DeletedWith(provider))
}

package kube

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NewNamespace makes a namespace in which Pod Security's strictest level holds, and returns its name, which is known
// once the namespace is there.
func NewNamespace(
	ctx *pulumi.Context, name, namespace string, opts ...pulumi.ResourceOption,
) (pulumi.StringOutput, error) {
	space, err := corev1.NewNamespace(ctx, name, &corev1.NamespaceArgs{
		Metadata: metav1.ObjectMetaArgs{
			Name:   pulumi.String(namespace),
			Labels: pulumi.StringMap{"pod-security.kubernetes.io/enforce": pulumi.String("restricted")},
		},
	}, opts...)
	if err != nil {
		return pulumi.StringOutput{}, fmt.Errorf("namespace %s: %w", namespace, err)
	}

	return space.Metadata.Name().Elem(), nil
}

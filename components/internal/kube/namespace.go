package kube

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

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

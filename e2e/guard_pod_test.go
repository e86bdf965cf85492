package e2e_test

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// modelPod is one that Pod Security's strictest level lets pass, and that says nothing of what it uses.
func modelPod() *corev1.Pod {
	yes, no, nobody := true, false, int64(65532)

	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "model"},
		Spec: corev1.PodSpec{
			SecurityContext: &corev1.PodSecurityContext{
				RunAsNonRoot: &yes, RunAsUser: &nobody,
				SeccompProfile: &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault},
			},
			Containers: []corev1.Container{{
				Name: "model", Image: "model",
				SecurityContext: &corev1.SecurityContext{
					AllowPrivilegeEscalation: &no,
					Capabilities:             &corev1.Capabilities{Drop: []corev1.Capability{"ALL"}},
				},
			}},
		},
	}
}

// muchMemory is more than the namespace of any service may hold.
func (*environment) muchMemory() *resource.Quantity {
	much := resource.MustParse("64Gi")

	return &much
}

package kubelet

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/utils/ptr"
)

// missing describes the first missing reference of a pod, or is "".
func (k kubelet) missing(pod *corev1.Pod) string {
	for _, reference := range references(pod.Spec) {
		missing := ""

		if s := reference.Secret; s != nil && !ptr.Deref(s.Optional, false) {
			held, err := k.secrets.Secrets(pod.Namespace).Get(s.Name)
			missing = absent("secret", s.Name, s.Items, func(key string) bool { return err == nil && has(held.Data, key) })
		}

		if c := reference.ConfigMap; c != nil && !ptr.Deref(c.Optional, false) {
			held, err := k.configs.ConfigMaps(pod.Namespace).Get(c.Name)
			missing = absent("configmap", c.Name, c.Items, func(key string) bool {
				return err == nil && (has(held.Data, key) || has(held.BinaryData, key))
			})
		}

		if missing != "" {
			return missing
		}
	}

	return ""
}

// absent describes an object that does not exist or lacks a key, or is "". Without keys, only the object must exist.
func absent(kind, name string, keys []corev1.KeyToPath, exists func(key string) bool) string {
	if len(keys) == 0 && !exists("") {
		return fmt.Sprintf("%s %q", kind, name)
	}

	for _, key := range keys {
		if !exists(key.Key) {
			return fmt.Sprintf("%s %q with key %s", kind, name, key.Key)
		}
	}

	return ""
}

// has reports whether data has a key, and is true for the empty key.
func has[Value any](data map[string]Value, key string) bool {
	_, found := data[key]

	return found || key == ""
}

// references returns the Secrets and ConfigMaps that a pod uses, as projections of their used keys.
func references(spec corev1.PodSpec) []corev1.VolumeProjection {
	var found []corev1.VolumeProjection

	for _, volume := range spec.Volumes {
		if s := volume.Secret; s != nil {
			found = append(found, secret(corev1.LocalObjectReference{Name: s.SecretName}, s.Optional, s.Items...))
		}

		if c := volume.ConfigMap; c != nil {
			found = append(found, configMap(c.LocalObjectReference, c.Optional, c.Items...))
		}

		found = append(found, ptr.Deref(volume.Projected, corev1.ProjectedVolumeSource{}).Sources...)
	}

	return append(found, variables(slices.Concat(spec.InitContainers, spec.Containers))...)
}

func variables(containers []corev1.Container) []corev1.VolumeProjection {
	var found []corev1.VolumeProjection

	for _, container := range containers {
		for _, source := range container.EnvFrom {
			if s := source.SecretRef; s != nil {
				found = append(found, secret(s.LocalObjectReference, s.Optional))
			}

			if c := source.ConfigMapRef; c != nil {
				found = append(found, configMap(c.LocalObjectReference, c.Optional))
			}
		}

		for _, variable := range container.Env {
			source := ptr.Deref(variable.ValueFrom, corev1.EnvVarSource{})

			if s := source.SecretKeyRef; s != nil {
				found = append(found, secret(s.LocalObjectReference, s.Optional, corev1.KeyToPath{Key: s.Key}))
			}

			if c := source.ConfigMapKeyRef; c != nil {
				found = append(found, configMap(c.LocalObjectReference, c.Optional, corev1.KeyToPath{Key: c.Key}))
			}
		}
	}

	return found
}

func secret(to corev1.LocalObjectReference, optional *bool, keys ...corev1.KeyToPath) corev1.VolumeProjection {
	return corev1.VolumeProjection{
		Secret: &corev1.SecretProjection{LocalObjectReference: to, Optional: optional, Items: keys},
	}
}

func configMap(to corev1.LocalObjectReference, optional *bool, keys ...corev1.KeyToPath) corev1.VolumeProjection {
	return corev1.VolumeProjection{
		ConfigMap: &corev1.ConfigMapProjection{LocalObjectReference: to, Optional: optional, Items: keys},
	}
}

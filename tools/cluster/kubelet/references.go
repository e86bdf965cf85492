package kubelet

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
)

// reference is a Secret or a ConfigMap of which a pod takes something, and maybe a key that it must have.
type reference struct {
	secret    bool
	name, key string
}

// missing names the first thing that a pod takes from, and that is not there.
func (k kubelet) missing(pod *corev1.Pod) string {
	for _, r := range references(pod.Spec) {
		if r.secret {
			if held, err := k.secrets.Secrets(pod.Namespace).Get(r.name); err != nil || !has(held.Data, r.key) {
				return fmt.Sprintf("secret %q%s", r.name, r.keyed())
			}

			continue
		}

		held, err := k.configs.ConfigMaps(pod.Namespace).Get(r.name)
		if err != nil || !has(held.Data, r.key) && !has(held.BinaryData, r.key) {
			return fmt.Sprintf("configmap %q%s", r.name, r.keyed())
		}
	}

	return ""
}

func (r reference) keyed() string {
	if r.key == "" {
		return ""
	}

	return " with key " + r.key
}

func has[Value any](data map[string]Value, key string) bool {
	_, there := data[key]

	return key == "" || there
}

// references lists what a pod cannot do without: what is optional is left out.
func references(spec corev1.PodSpec) []reference {
	var found []reference

	for _, volume := range spec.Volumes {
		found = append(found, fromVolume(volume)...)
	}

	for _, container := range append(spec.InitContainers[:len(spec.InitContainers):len(spec.InitContainers)],
		spec.Containers...) {
		found = append(found, fromContainer(container)...)
	}

	return found
}

func fromVolume(volume corev1.Volume) []reference {
	var found []reference

	if s := volume.Secret; s != nil && !optional(s.Optional) {
		found = append(found, reference{secret: true, name: s.SecretName})
		for _, item := range s.Items {
			found = append(found, reference{secret: true, name: s.SecretName, key: item.Key})
		}
	}

	if c := volume.ConfigMap; c != nil && !optional(c.Optional) {
		found = append(found, reference{name: c.Name})
	}

	if p := volume.Projected; p != nil {
		for _, source := range p.Sources {
			if source.Secret != nil && !optional(source.Secret.Optional) {
				found = append(found, reference{secret: true, name: source.Secret.Name})
			}

			if source.ConfigMap != nil && !optional(source.ConfigMap.Optional) {
				found = append(found, reference{name: source.ConfigMap.Name})
			}
		}
	}

	return found
}

func fromContainer(container corev1.Container) []reference {
	var found []reference

	for _, source := range container.EnvFrom {
		if source.SecretRef != nil && !optional(source.SecretRef.Optional) {
			found = append(found, reference{secret: true, name: source.SecretRef.Name})
		}

		if source.ConfigMapRef != nil && !optional(source.ConfigMapRef.Optional) {
			found = append(found, reference{name: source.ConfigMapRef.Name})
		}
	}

	for _, variable := range container.Env {
		if variable.ValueFrom == nil {
			continue
		}

		if r := variable.ValueFrom.SecretKeyRef; r != nil && !optional(r.Optional) {
			found = append(found, reference{secret: true, name: r.Name, key: r.Key})
		}

		if r := variable.ValueFrom.ConfigMapKeyRef; r != nil && !optional(r.Optional) {
			found = append(found, reference{name: r.Name, key: r.Key})
		}
	}

	return found
}

func optional(flag *bool) bool { return flag != nil && *flag }

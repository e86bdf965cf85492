package kubelet

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// reference is a Secret or ConfigMap that a pod uses, with a key that must exist or "".
type reference struct {
	secret    bool
	name, key string
}

// missing describes the first missing reference of a pod, or is "".
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

// needs are the references of a pod that are not optional.
type needs []reference

// references returns the needs of a pod.
func references(spec corev1.PodSpec) needs {
	var found needs

	for _, volume := range spec.Volumes {
		found.volume(volume)
	}

	for _, container := range slices.Concat(spec.InitContainers, spec.Containers) {
		found.container(container)
	}

	return found
}

func (n *needs) volume(volume corev1.Volume) {
	if s := volume.Secret; s != nil {
		n.add(s.Optional, reference{secret: true, name: s.SecretName}, s.Items...)
	}

	if c := volume.ConfigMap; c != nil {
		n.add(c.Optional, reference{name: c.Name}, c.Items...)
	}

	if p := volume.Projected; p != nil {
		for _, source := range p.Sources {
			n.projected(source)
		}
	}
}

func (n *needs) projected(source corev1.VolumeProjection) {
	if s := source.Secret; s != nil {
		n.add(s.Optional, reference{secret: true, name: s.Name}, s.Items...)
	}

	if c := source.ConfigMap; c != nil {
		n.add(c.Optional, reference{name: c.Name}, c.Items...)
	}
}

func (n *needs) container(container corev1.Container) {
	for _, source := range container.EnvFrom {
		if s := source.SecretRef; s != nil {
			n.add(s.Optional, reference{secret: true, name: s.Name})
		}

		if c := source.ConfigMapRef; c != nil {
			n.add(c.Optional, reference{name: c.Name})
		}
	}

	for _, variable := range container.Env {
		if variable.ValueFrom == nil {
			continue
		}

		if s := variable.ValueFrom.SecretKeyRef; s != nil {
			n.add(s.Optional, reference{secret: true, name: s.Name, key: s.Key})
		}

		if c := variable.ValueFrom.ConfigMapKeyRef; c != nil {
			n.add(c.Optional, reference{name: c.Name, key: c.Key})
		}
	}
}

// add adds a reference, and one for each key that is mounted as a file.
func (n *needs) add(optional *bool, to reference, files ...corev1.KeyToPath) {
	if optional != nil && *optional {
		return
	}

	*n = append(*n, to)

	for _, file := range files {
		to.key = file.Key
		*n = append(*n, to)
	}
}

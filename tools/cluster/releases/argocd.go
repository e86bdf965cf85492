package releases

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// argoValues are the values of the chart argo-cd that have an effect here.
type argoValues struct {
	Configs struct {
		CM   map[string]any `json:"cm"`
		RBAC map[string]any `json:"rbac"`
	} `json:"configs"`
	Dex            part             `json:"dex"`
	Notifications  part             `json:"notifications"`
	Controller     part             `json:"controller"`
	Server         part             `json:"server"`
	RepoServer     part             `json:"repoServer"`
	ApplicationSet part             `json:"applicationSet"`
	RedisHA        redisHA          `json:"redis-ha"`
	ExtraObjects   []map[string]any `json:"extraObjects"`
}

// redisHA are the values of the subchart redis-ha.
type redisHA struct {
	Enabled bool `json:"enabled"`
	Redis   part `json:"redis"`
	HAProxy part `json:"haproxy"`
}

// part is one program of Argo CD.
type part struct {
	Enabled            bool           `json:"enabled"`
	Replicas           *int64         `json:"replicas"`
	Resources          map[string]any `json:"resources"`
	DeploymentStrategy map[string]any `json:"deploymentStrategy"`
	PDB                struct {
		Enabled      bool  `json:"enabled"`
		MinAvailable int64 `json:"minAvailable"`
	} `json:"pdb"`
}

// ArgoCD stands in for the chart argo-cd with Argo CD's own manifests in a folder: install.yaml, or ha-install.yaml for
// a highly available Redis. Its pods are simulated, as all pods are: Argo CD itself runs outside the cluster.
func ArgoCD(folder string) func(Release) ([]*unstructured.Unstructured, error) {
	return func(release Release) ([]*unstructured.Unstructured, error) {
		values := argoValues{Dex: part{Enabled: true}, Notifications: part{Enabled: true}}
		if err := json.Unmarshal(release.Values, &values); err != nil {
			return nil, fmt.Errorf("decoding its values: %w", err)
		}

		file := "install.yaml"
		if values.RedisHA.Enabled {
			file = "ha-install.yaml"
		}

		manifests, err := readObjects(filepath.Join(folder, file))
		if err != nil {
			return nil, err
		}

		var objects []*unstructured.Unstructured

		for _, object := range manifests {
			adjusted, err := values.adjust(object, release.Version)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err)
			}

			objects = append(objects, adjusted...)
		}

		for _, extra := range values.ExtraObjects {
			objects = append(objects, &unstructured.Unstructured{Object: extra})
		}

		return append(objects, generated("argocd-secret", "server.secretkey"), generated("argocd-redis", "auth")), nil
	}
}

// adjust applies the values to one object. It returns the object with the additional objects of the chart, or nothing
// if the values turn the object's program off.
func (v argoValues) adjust(object *unstructured.Unstructured, version string) ([]*unstructured.Unstructured, error) {
	settings := map[string]map[string]any{"argocd-cm": v.Configs.CM, "argocd-rbac-cm": v.Configs.RBAC}
	programs := map[string]part{
		"argocd-application-controller": v.Controller, "argocd-server": v.Server,
		"argocd-repo-server": v.RepoServer, "argocd-applicationset-controller": v.ApplicationSet,
		"argocd-dex-server": v.Dex, "argocd-notifications-controller": v.Notifications,
		"argocd-redis-ha-server": v.RedisHA.Redis, "argocd-redis-ha-haproxy": v.RedisHA.HAProxy,
	}
	name := object.GetName()

	if !v.Dex.Enabled && strings.HasPrefix(name, "argocd-dex-server") ||
		!v.Notifications.Enabled && strings.HasPrefix(name, "argocd-notifications") {
		return nil, nil
	}

	switch object.GetKind() {
	case "ConfigMap":
		for key, value := range settings[name] {
			if err := unstructured.SetNestedField(object.Object, fmt.Sprint(value), "data", key); err != nil {
				return nil, err
			}
		}
	case deployment, statefulSet:
		return programs[name].adjust(object, version)
	}

	return []*unstructured.Unstructured{object}, nil
}

// adjust sets the replicas, strategy and requests of a program, and returns it with its disruption budget if it has
// one. It also changes Argo CD's manifests where the chart differs: pods of one program may share a node, except those
// of Redis and HAProxy (argo-helm 10.1.1, global.affinity.podAntiAffinity: soft), and another version replaces the
// pods.
func (p part) adjust(program *unstructured.Unstructured, version string) ([]*unstructured.Unstructured, error) {
	if !strings.HasPrefix(program.GetName(), "argocd-redis-ha") {
		unstructured.RemoveNestedField(program.Object, strings.Split(
			"spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution", ".")...)
	}

	err := unstructured.SetNestedField(program.Object, "argo-cd-"+version,
		"spec", "template", "metadata", "annotations", "helm.sh/chart")

	if p.Replicas != nil {
		err = errors.Join(err, unstructured.SetNestedField(program.Object, *p.Replicas, "spec", "replicas"))
	}

	if p.DeploymentStrategy != nil {
		err = errors.Join(err, unstructured.SetNestedMap(program.Object, p.DeploymentStrategy, "spec", "strategy"))
	}

	if p.Resources != nil {
		err = errors.Join(err, p.allot(program))
	}

	if err != nil || !p.PDB.Enabled {
		return []*unstructured.Unstructured{program}, err
	}

	budget, err := p.budget(program)

	return []*unstructured.Unstructured{program, budget}, err
}

// allot sets the requests of a program's containers. Of Redis' pods, the chart's values affect only the container
// redis.
func (p part) allot(program *unstructured.Unstructured) error {
	path := strings.Split("spec.template.spec.containers", ".")

	containers, _, err := unstructured.NestedSlice(program.Object, path...)
	if err != nil {
		return err
	}

	for i, container := range containers {
		if i == 0 || !strings.HasPrefix(program.GetName(), "argocd-redis-ha") {
			container.(map[string]any)["resources"] = p.Resources //nolint:forcetypeassert // as the API has it
		}
	}

	return unstructured.SetNestedSlice(program.Object, containers, path...)
}

// budget returns the disruption budget of a program, with the selector of its workload.
func (p part) budget(program *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	selector, found, err := unstructured.NestedMap(program.Object, "spec", "selector")
	if err != nil {
		return nil, err
	}

	if !found {
		return nil, errors.New("it has no selector for its disruption budget")
	}

	budget := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "policy/v1", "kind": "PodDisruptionBudget",
		"spec": map[string]any{"minAvailable": p.PDB.MinAvailable, "selector": selector},
	}}
	budget.SetName(program.GetName())
	budget.SetLabels(program.GetLabels())

	return budget, nil
}

// generated returns a Secret with a value that Argo CD's server or a job of the chart generates at its first start.
// Here, the value is constant and gives no access: a release that is applied again must not change it.
func generated(name, key string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": name},
		"stringData": map[string]any{key: "made up"},
	}}
}

// readObjects reads a file of objects.
func readObjects(file string) ([]*unstructured.Unstructured, error) {
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return nil, fmt.Errorf("reading manifests: %w", err)
	}

	var objects []*unstructured.Unstructured

	documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), len(text))

	for {
		object := &unstructured.Unstructured{}

		err := documents.Decode(&object.Object)

		switch {
		case errors.Is(err, io.EOF):
			return objects, nil
		case err != nil:
			return nil, fmt.Errorf("reading %s: %w", file, err)
		case object.Object != nil: // a document without content is skipped
			objects = append(objects, object)
		}
	}
}

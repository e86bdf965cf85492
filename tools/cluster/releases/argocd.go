package releases

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
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
	Enabled *bool `json:"enabled"`
	Redis   part  `json:"redis"`
	HAProxy part  `json:"haproxy"`
}

// part is one program of Argo CD.
type part struct {
	Enabled            *bool          `json:"enabled"`
	Replicas           *int64         `json:"replicas"`
	Resources          map[string]any `json:"resources"`
	DeploymentStrategy map[string]any `json:"deploymentStrategy"`
	PDB                struct {
		Enabled      bool  `json:"enabled"`
		MinAvailable int64 `json:"minAvailable"`
	} `json:"pdb"`
}

// ArgoCD stands in for the chart argo-cd with Argo CD's own manifests in a folder: install.yaml, or ha-install.yaml for
// a highly available Redis. Its pods are simulated, as all pods are: Argo CD itself runs beside the cluster.
func ArgoCD(folder string) func(Release) ([]*unstructured.Unstructured, error) {
	return func(release Release) ([]*unstructured.Unstructured, error) {
		var values argoValues
		if err := json.Unmarshal(release.Values, &values); err != nil {
			return nil, fmt.Errorf("decoding its values: %w", err)
		}

		file := "install.yaml"
		if on := values.RedisHA.Enabled; on != nil && *on {
			file = "ha-install.yaml"
		}

		manifests, err := readObjects(filepath.Join(folder, file))
		if err != nil {
			return nil, err
		}

		for _, object := range manifests {
			if err := asTheChart(object, release.Version); err != nil {
				return nil, fmt.Errorf("%s %s: %w", object.GetKind(), object.GetName(), err)
			}
		}

		return values.effect(manifests)
	}
}

// asTheChart changes a workload of Argo CD's manifests where the chart differs: pods of one program may share a node,
// except those of Redis and HAProxy (argo-helm 10.1.1, global.affinity.podAntiAffinity: soft), and another version
// replaces the pods.
func asTheChart(object *unstructured.Unstructured, version string) error {
	if kind := object.GetKind(); kind != deployment && kind != statefulSet {
		return nil
	}

	if !strings.HasPrefix(object.GetName(), "argocd-redis-ha") {
		unstructured.RemoveNestedField(object.Object, strings.Split(
			"spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution", ".")...)
	}

	path := []string{"spec", "template", "metadata", "annotations", "helm.sh/chart"}

	return unstructured.SetNestedField(object.Object, "argo-cd-"+version, path...)
}

// effect applies the values to the manifests.
func (v argoValues) effect(manifests []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	var objects []*unstructured.Unstructured

	for _, object := range manifests {
		name := object.GetName()
		if off(v.Dex) && strings.HasPrefix(name, "argocd-dex-server") ||
			off(v.Notifications) && strings.HasPrefix(name, "argocd-notifications") {
			continue
		}

		adjusted, err := v.adjust(object)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", object.GetKind(), name, err)
		}

		objects = append(objects, adjusted...)
	}

	for _, extra := range v.ExtraObjects {
		objects = append(objects, &unstructured.Unstructured{Object: extra})
	}

	return append(objects, made("argocd-secret", "server.secretkey"), made("argocd-redis", "auth")), nil
}

// adjust applies the values to one object, and returns it with the additional objects of the chart.
func (v argoValues) adjust(object *unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	settings := map[string]map[string]any{"argocd-cm": v.Configs.CM, "argocd-rbac-cm": v.Configs.RBAC}
	programs := map[string]part{
		"argocd-application-controller": v.Controller, "argocd-server": v.Server,
		"argocd-repo-server": v.RepoServer, "argocd-applicationset-controller": v.ApplicationSet,
		"argocd-dex-server": v.Dex, "argocd-notifications-controller": v.Notifications,
		"argocd-redis-ha-server": v.RedisHA.Redis, "argocd-redis-ha-haproxy": v.RedisHA.HAProxy,
	}

	switch name := object.GetName(); object.GetKind() {
	case "ConfigMap":
		for key, value := range settings[name] {
			if err := unstructured.SetNestedField(object.Object, fmt.Sprint(value), "data", key); err != nil {
				return nil, err
			}
		}
	case deployment, statefulSet:
		return programs[name].adjust(object)
	}

	return []*unstructured.Unstructured{object}, nil
}

// adjust sets the replicas and requests of a program, and returns its disruption budget if it has one.
func (p part) adjust(program *unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	if p.Replicas != nil {
		if err := unstructured.SetNestedField(program.Object, *p.Replicas, "spec", "replicas"); err != nil {
			return nil, err
		}
	}

	if p.DeploymentStrategy != nil {
		if err := unstructured.SetNestedMap(program.Object, p.DeploymentStrategy, "spec", "strategy"); err != nil {
			return nil, err
		}
	}

	if p.Resources != nil {
		if err := p.allot(program); err != nil {
			return nil, err
		}
	}

	if p.PDB.Enabled {
		budget, err := p.budget(program)

		return []*unstructured.Unstructured{program, budget}, err
	}

	return []*unstructured.Unstructured{program}, nil
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

func off(p part) bool { return p.Enabled != nil && !*p.Enabled }

// made returns a Secret with a value that Argo CD's server or a job of the chart generates at its first start. Here,
// the value is constant and gives no access: a release that is applied again must not change it.
func made(name, key string) *unstructured.Unstructured {
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

	const buffer = 4096

	var (
		objects   []*unstructured.Unstructured
		documents = yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), buffer)
	)

	for {
		object := &unstructured.Unstructured{}

		err := documents.Decode(&object.Object)
		if errors.Is(err, io.EOF) {
			return slices.DeleteFunc(objects, func(o *unstructured.Unstructured) bool { return o.Object == nil }), nil
		}

		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}

		objects = append(objects, object)
	}
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	"k8s.io/apimachinery/pkg/api/resource"
)

// service is what one service needs during its release, with its most replicas.
type service struct {
	name string
	pods room
	// connections are those to its store.
	connections int
}

// manifest is the part of a rendered object that says what its pods need.
type manifest struct {
	Kind string `yaml:"kind"`
	Spec struct {
		MaxReplicas int `yaml:"maxReplicas"`
		Strategy    struct {
			RollingUpdate struct {
				MaxSurge int `yaml:"maxSurge"`
			} `yaml:"rollingUpdate"`
		} `yaml:"strategy"`
		Template struct {
			Spec struct {
				Containers []container `yaml:"containers"`
			} `yaml:"spec"`
		} `yaml:"template"`
	} `yaml:"spec"`
}

type container struct {
	Env []struct {
		Name  string `yaml:"name"`
		Value string `yaml:"value"`
	} `yaml:"env"`
	Resources struct {
		Requests struct {
			CPU    string `yaml:"cpu"`
			Memory string `yaml:"memory"`
		} `yaml:"requests"`
	} `yaml:"resources"`
}

// readServices reads the rendered charts of the first service of each kind. An environment may lack a kind.
func (p *platform) readServices(repository fs.FS) error {
	p.services = make(map[string]service)

	for _, name := range slices.Backward(slices.Sorted(maps.Keys(p.Config.Apps))) {
		needs := p.Config.Apps[name].Needs
		if len(needs) != 1 {
			continue
		}

		file := "apps/charttest/testdata/" + name + "-" + p.name + ".yaml"

		text, err := fs.ReadFile(repository, file)
		if err != nil {
			return fmt.Errorf("reading a rendered chart: %w; run: make golden", err)
		}

		manifests := make(map[string]manifest)

		for decoder := yaml.NewDecoder(bytes.NewReader(text)); ; {
			var next manifest
			if err := decoder.Decode(&next); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return fmt.Errorf("reading %s: %w", file, err)
			}

			manifests[next.Kind] = next
		}

		if p.services[needs[0]], err = newService(name, manifests); err != nil {
			return fmt.Errorf("reading %s: %w", file, err)
		}
	}

	return nil
}

// newService computes the needs of a service from its objects, by kind. A migration is a Job, which opens two
// connections and one for its health check.
func newService(name string, manifests map[string]manifest) (service, error) {
	const (
		migrations = 3
		// perCheck is the connection of each pool for the health check.
		perCheck = 1
		// old and new pods have connections during a release.
		releases = 2
	)

	deployment, replicas := manifests["Deployment"], manifests["HorizontalPodAutoscaler"].Spec.MaxReplicas

	pods, err := requests(deployment)
	if err != nil {
		return service{}, err
	}

	pool := 0

	for _, variable := range deployment.Spec.Template.Spec.Containers[0].Env {
		if strings.HasSuffix(variable.Name, "_MAX_CONNECTIONS") {
			pool, err = strconv.Atoi(variable.Value)
		}
	}

	if pool == 0 {
		pool = defaultPool
	}

	found := service{
		name:        name,
		pods:        pods.times(replicas + deployment.Spec.Strategy.RollingUpdate.MaxSurge),
		connections: releases * replicas * (pool + perCheck),
	}

	if job, migrates := manifests["Job"]; migrates && err == nil {
		pods, err = requests(job)
		found.pods, found.connections = found.pods.plus(pods), found.connections+migrations
	}

	return found, err
}

// defaultPool is the size of a pool of connections to the cache (apps/README.md, REDIS_MAX_CONNECTIONS).
const defaultPool = 64

// requests returns the requests of a pod.
func requests(m manifest) (room, error) {
	const mebi = 20

	needed := room{Pods: 1}

	for _, c := range m.Spec.Template.Spec.Containers {
		cpu, err := resource.ParseQuantity(c.Resources.Requests.CPU)
		if err != nil {
			return room{}, fmt.Errorf("the requested CPU of a %s: %w", m.Kind, err)
		}

		memory, err := resource.ParseQuantity(c.Resources.Requests.Memory)
		if err != nil {
			return room{}, fmt.Errorf("the requested memory of a %s: %w", m.Kind, err)
		}

		needed.CPU += int(cpu.MilliValue())
		needed.Memory += int(memory.Value() >> mebi)
	}

	return needed, nil
}

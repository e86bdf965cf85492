// Package chart reads the chart of a service: its route, its variables and its migration. A service on this machine
// thus gets the same variables as in the cluster.
package chart

import (
	"fmt"
	"path/filepath"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"
	"sigs.k8s.io/yaml"

	"github.com/msur/platform/apps/dev/stores"
)

// Service is a service in the folder apps.
type Service struct {
	Name string
	// Folder is the one that holds service, api and chart.
	Folder string
	// Needs are its stores: mysql, redis or none.
	Needs []string

	platform map[string]any
}

// Services returns the services with a chart, in the order of their names.
func Services(apps string) ([]Service, error) {
	found, err := filepath.Glob(filepath.Join(apps, "*", "chart", "Chart.yaml"))
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("found no */chart/Chart.yaml in %s: expected the folder of the services", apps)
	}

	services := make([]Service, 0, len(found))

	for _, path := range found {
		s := Service{Folder: filepath.Dir(filepath.Dir(path))}
		s.Name = filepath.Base(s.Folder)

		values, err := s.values("chart/ci")
		if err != nil {
			return nil, err
		}

		s.platform, _ = values["platform"].(map[string]any)

		for _, store := range []string{"mysql", "redis"} {
			if s.platform[store] != nil {
				s.Needs = append(s.Needs, store)
			}
		}

		services = append(services, s)
	}

	return services, nil
}

// Run says how to run a service.
type Run struct {
	// Paths are its paths. The paths below them are its own too.
	Paths []string
	// Serve and Migrate are its commands. Migrate has no arguments if there is no migration.
	Serve, Migrate Command
}

// Command is a command of a service.
type Command struct {
	Args []string
	// Environ are variables, each NAME=value, without those that are files in the cluster, such as passwords.
	Environ []string
}

// Render renders the chart with the values of an environment and the opened stores.
func (s Service) Render(opened stores.Stores) (Run, error) {
	loaded, err := loader.Load(filepath.Join(s.Folder, "chart"))
	if err != nil {
		return Run{}, fmt.Errorf("loading the chart of %s: %w", s.Name, err)
	}

	values, err := s.values("environments")
	if err != nil {
		return Run{}, err
	}

	platform := map[string]any{"environment": "local"}
	// The empty values are those that only IAM needs.
	local := map[string]map[string]any{
		"mysql": {"auth": "password", "adminSecretArn": ""},
		"redis": {"auth": "password", "user": "", "cacheName": ""},
	}

	for _, store := range s.Needs {
		if embedded := opened[store]; embedded.Embedded() {
			local[store]["host"], local[store]["port"] = embedded.Host, embedded.Port
		}

		platform[store] = local[store]
	}

	values["platform"] = chartutil.CoalesceTables(platform, s.platform)

	release := chartutil.ReleaseOptions{Name: s.Name, Namespace: s.Name, IsInstall: true}

	rendered, err := chartutil.ToRenderValues(loaded, values, release, chartutil.DefaultCapabilities)
	if err != nil {
		return Run{}, fmt.Errorf("rendering the chart of %s: %w", s.Name, err)
	}

	files, err := engine.Render(loaded, rendered)
	if err != nil {
		return Run{}, fmt.Errorf("rendering the chart of %s: %w", s.Name, err)
	}

	return parse(files)
}

// values reads the values in a folder of the service, of the first environment: those that differ between environments
// differ on this machine, too.
func (s Service) values(folder string) (chartutil.Values, error) {
	found, err := filepath.Glob(filepath.Join(s.Folder, folder, "*.yaml"))
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("found no values of an environment in %s", filepath.Join(s.Folder, folder))
	}

	values, err := chartutil.ReadValuesFile(found[0])
	if err != nil {
		return nil, fmt.Errorf("reading the values of a chart in %s: %w", found[0], err)
	}

	return values, nil
}

// object holds the fields that are read of a Deployment, a Job and an Ingress.
type object struct {
	Kind string `json:"kind"`
	Spec struct {
		Rules []struct {
			HTTP struct {
				Paths []struct {
					Path string `json:"path"`
				} `json:"paths"`
			} `json:"http"`
		} `json:"rules"`
		Template struct {
			Spec struct {
				Containers []container `json:"containers"`
			} `json:"spec"`
		} `json:"template"`
	} `json:"spec"`
}

type container struct {
	Args []string `json:"args"`
	Env  []struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	} `json:"env"`
}

func (c container) command() Command {
	command := Command{Args: c.Args}

	for _, variable := range c.Env {
		if !strings.HasSuffix(variable.Name, "_FILE") {
			command.Environ = append(command.Environ, variable.Name+"="+variable.Value)
		}
	}

	return command
}

func parse(files map[string]string) (Run, error) {
	var run Run

	for name, content := range files {
		if filepath.Ext(name) != ".yaml" {
			continue
		}

		for _, manifest := range releaseutil.SplitManifests(content) {
			var o object
			if err := yaml.Unmarshal([]byte(manifest), &o); err != nil {
				return run, fmt.Errorf("parsing the objects of %s: %w", name, err)
			}

			run.add(o)
		}
	}

	return run, nil
}

func (r *Run) add(o object) {
	for _, rule := range o.Spec.Rules {
		for _, path := range rule.HTTP.Paths {
			r.Paths = append(r.Paths, path.Path)
		}
	}

	switch o.Kind {
	case "Deployment":
		r.Serve = o.Spec.Template.Spec.Containers[0].command()
	case "Job":
		r.Migrate = o.Spec.Template.Spec.Containers[0].command()
	}
}

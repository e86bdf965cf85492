// Package chart reads from the chart of a service how it is run: its route, its variables and its migration. So what
// runs on a laptop is told the same as what runs in the cluster.
package chart

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"
	"sigs.k8s.io/yaml"

	"github.com/msur/platform/apps/dev/stores"
)

// The environment whose values a chart is told, but for those that a laptop has its own of.
const environment = "sandbox"

// Service is what a folder of apps holds.
type Service struct {
	Name string
	// Folder is the one that holds service, api and chart.
	Folder string
	// Needs are the stores that the platform gives it: mysql, redis or none.
	Needs []string
	// Database is the one that it expects in MySQL; empty without.
	Database string

	platform map[string]any
}

// Services finds those that have a chart, in the order of their names.
func Services(apps string) ([]Service, error) {
	found, err := filepath.Glob(filepath.Join(apps, "*", "chart", "Chart.yaml"))
	if err != nil {
		return nil, fmt.Errorf("looking for charts in %s: %w", apps, err)
	}

	if len(found) == 0 {
		return nil, fmt.Errorf("found no */chart/Chart.yaml in %s: give the folder of the services", apps)
	}

	services := make([]Service, 0, len(found))

	for _, path := range found {
		folder := filepath.Dir(filepath.Dir(path))

		told, err := values(filepath.Join(folder, "chart", "ci", environment+".yaml"))
		if err != nil {
			return nil, err
		}

		s := Service{Name: filepath.Base(folder), Folder: folder}
		s.platform, _ = told["platform"].(map[string]any)

		for _, store := range []string{"mysql", "redis"} {
			if settings, is := s.platform[store].(map[string]any); is {
				s.Needs = append(s.Needs, store)

				if database, is := settings["database"].(string); is {
					s.Database = database
				}
			}
		}

		services = append(services, s)
	}

	return services, nil
}

func values(path string) (map[string]any, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading what a chart is told: %w", err)
	}

	told := make(map[string]any)
	if err := yaml.Unmarshal(text, &told); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}

	return told, nil
}

// Run is how a service is run.
type Run struct {
	// Paths are those that lead to it, with all below them.
	Paths []string
	// Serve and Migrate are arguments and variables. Migrate has none where there is no migration.
	Serve, Migrate Command
}

// Command is one way to start a service's program.
type Command struct {
	Args []string
	// Environ are variables, each name=value. What is a file in the cluster is left out: passwords are.
	Environ []string
}

// Render renders the chart as for the sandbox, but with the stores given.
func (s Service) Render(with stores.Stores) (Run, error) {
	loaded, err := loader.Load(filepath.Join(s.Folder, "chart"))
	if err != nil {
		return Run{}, fmt.Errorf("loading the chart of %s: %w", s.Name, err)
	}

	told, err := values(filepath.Join(s.Folder, "environments", environment+".yaml"))
	if err != nil {
		return Run{}, err
	}

	platform := map[string]any{"environment": "local"}

	for _, store := range s.Needs {
		local := map[string]any{"auth": "password"}

		if embedded := with[store]; embedded.Embedded() {
			local["host"], local["port"] = embedded.Host, embedded.Port
		}

		// What only IAM has.
		switch store {
		case "mysql":
			local["adminSecretArn"] = ""
		case "redis":
			local["user"], local["cacheName"] = "", ""
		}

		platform[store] = local
	}

	told["platform"] = chartutil.CoalesceTables(platform, s.platform)

	release := chartutil.ReleaseOptions{Name: s.Name, Namespace: s.Name, IsInstall: true}

	all, err := chartutil.ToRenderValues(loaded, told, release, chartutil.DefaultCapabilities)
	if err != nil {
		return Run{}, fmt.Errorf("rendering the chart of %s: %w", s.Name, err)
	}

	files, err := engine.Render(loaded, all)
	if err != nil {
		return Run{}, fmt.Errorf("rendering the chart of %s: %w", s.Name, err)
	}

	return read(files)
}

// object has what is read of a Deployment, a Job and an Ingress.
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

func read(files map[string]string) (Run, error) {
	var run Run

	for name, text := range files {
		for _, manifest := range releaseutil.SplitManifests(text) {
			var o object
			if err := yaml.Unmarshal([]byte(manifest), &o); err != nil {
				if strings.HasSuffix(name, ".txt") {
					continue
				}

				return run, fmt.Errorf("reading what %s renders: %w", name, err)
			}

			run.add(o)
		}
	}

	return run, nil
}

func (r *Run) add(o object) {
	switch o.Kind {
	case "Ingress":
		for _, rule := range o.Spec.Rules {
			for _, path := range rule.HTTP.Paths {
				r.Paths = append(r.Paths, path.Path)
			}
		}
	case "Deployment":
		r.Serve = o.Spec.Template.Spec.Containers[0].command()
	case "Job":
		r.Migrate = o.Spec.Template.Spec.Containers[0].command()
	}
}

package controls

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typeApplications = "kubernetes:argoproj.io/v1alpha1:ApplicationSet"
	typeNamespace    = "kubernetes:core/v1:Namespace"
)

// manifest is an object of a rendered chart: its fields are the inputs of a resource.
type manifest struct {
	state.Resource

	file string
}

func (m manifest) kind() string { return text(m.Resource, "kind") }

func (m manifest) name() string { return text(m.Resource, "metadata.name") }

// chart is the manifests of an application.
type chart []manifest

// kind returns the manifests of a kind.
func (all chart) kind(kind string) chart {
	var found chart

	for _, m := range all {
		if m.kind() == kind {
			found = append(found, m)
		}
	}

	return found
}

// pod is a manifest with the path of its pod, which is the template if the manifest is not a pod itself.
type pod struct {
	manifest

	path string
}

// labels are the labels of the pod.
func (p pod) labels() map[string]any {
	labels, _ := input(p.Resource, p.path+"metadata.labels").(map[string]any)

	return labels
}

// isTest reports whether the pod belongs to `helm test`, which Argo CD does not run.
func (p pod) isTest() bool { return text(p.Resource, `metadata.annotations["helm.sh/hook"]`) == "test" }

// containers returns the paths of the pod's containers.
func (p pod) containers() []string {
	return append(elements(p.Resource, p.path+"spec.containers"), elements(p.Resource, p.path+"spec.initContainers")...)
}

func (all chart) pods() []pod {
	var found []pod

	for _, m := range all {
		switch {
		case m.kind() == "Pod":
			found = append(found, pod{m, ""})
		case input(m.Resource, "spec.template.spec") != nil:
			found = append(found, pod{m, "spec.template."})
		case input(m.Resource, "spec.jobTemplate") != nil:
			found = append(found, pod{m, "spec.jobTemplate.spec.template."})
		}
	}

	return found
}

// readCharts returns the rendered chart of each application. They are in the repository, because Argo CD renders them
// in the cluster; a test compares them with what Helm renders.
func readCharts(environment Environment) ([]chart, error) {
	var all []chart

	for _, set := range ofTypes(environment.State, typeApplications) {
		for _, element := range elements(set, "spec.generators[0].list.elements") {
			file := fmt.Sprintf("apps/charttest/testdata/%s-%s.yaml", text(set, element+".name"), set.URN.Stack())

			rendered, err := readChart(environment.Repository, file)
			if err != nil {
				return nil, fmt.Errorf("%s: %w; run: make golden", file, err)
			}

			all = append(all, rendered)
		}
	}

	return all, nil
}

// charts returns the rendered charts. If one cannot be read, the control is unknown.
func (c *check) charts() []chart {
	if c.unread != nil {
		c.missing = c.unread.Error()
	}

	return c.rendered
}

// readChart reads the manifests in a file.
func readChart(repository fs.FS, file string) (chart, error) {
	text, err := fs.ReadFile(repository, file)
	if err != nil {
		return nil, fmt.Errorf("reading a rendered chart: %w", err)
	}

	var all chart

	for documents := yaml.NewDecoder(bytes.NewReader(text)); ; {
		var fields map[string]any

		err := documents.Decode(&fields)
		if errors.Is(err, io.EOF) {
			return all, nil
		}

		if err != nil {
			return nil, fmt.Errorf("decoding a rendered chart: %w", err)
		}

		if fields != nil {
			all = append(all, manifest{state.Resource{Inputs: fields}, file})
		}
	}
}

// eachPod checks the pods of all charts. The function returns the problems of one.
func (c *check) eachPod(problems func(all chart, p pod) []string) {
	for _, all := range c.charts() {
		for _, p := range all.pods() {
			c.report(p.manifest, problems(all, p))
		}
	}
}

// report records whether a manifest satisfies the control.
func (c *check) report(m manifest, problems []string) {
	evidence := Evidence{File: m.file, Property: m.kind() + "/" + m.name()}

	if len(problems) == 0 {
		c.holdAt(evidence, true, "")
	}

	for _, problem := range problems {
		c.holdAt(evidence, false, problem)
	}
}

// unmet returns the problems of the properties at a path.
func (m manifest) unmet(path string, required requirements) []string {
	var problems []string

	for _, q := range required {
		if property := path + q.property; !q.holds(input(m.Resource, property)) {
			problems = append(problems, property+" "+q.problem)
		}
	}

	return problems
}

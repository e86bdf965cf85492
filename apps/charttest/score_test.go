package charttest_test

import (
	"encoding/json"
	"maps"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
)

// excused is what kube-score finds and what stays, by the check and the kind, with the reason. One that it finds no
// more is to be taken out.
func excused() map[string]string {
	const (
		byDigest = "by digest an image is the same wherever it comes from; a pull at each start would need the registry"
		noLimit  = "CPU that nobody else uses is for whoever can; a limit stops a process just as it is busy"
	)

	return map[string]string{
		"container-image-pull-policy Deployment": byDigest,
		"container-image-pull-policy Job":        byDigest,
		"container-image-pull-policy Pod":        byDigest,
		"container-resources Deployment":         noLimit,
		"container-resources Job":                noLimit,
		"container-resources Pod":                noLimit,
		"deployment-has-host-podantiaffinity Deployment": "the check does not look at topologySpreadConstraints, which" +
			" spread pods over zones and nodes",
	}
}

// excusedOfOne is what stays besides where there may be a single replica.
func excusedOfOne() map[string]string {
	return map[string]string{
		"horizontalpodautoscaler-replicas HorizontalPodAutoscaler": "a sandbox may be away until a pod has started anew",
		"deployment-has-poddisruptionbudget Deployment":            "of one replica, a budget would keep its node for ever",
	}
}

// score is what kube-score finds. It is a module of its own: it does not compile with the Kubernetes that Helm needs.
type score []struct {
	Name   string `json:"object_name"` //nolint:tagliatelle // kube-score's names
	Checks []struct {
		Check struct {
			ID string `json:"id"`
		} `json:"check"`
		Grade    int  `json:"grade"`
		Skipped  bool `json:"skipped"`
		Comments []struct {
			Summary string `json:"summary"`
		} `json:"comments"`
	} `json:"checks"`
}

// fine is the least of kube-score's grades that is no warning.
const fine = 7

func TestKubeScoreFindsNothingThatHasNoReason(t *testing.T) {
	t.Parallel()

	unused := excused()
	maps.Copy(unused, excusedOfOne())

	for _, service := range services(t) {
		for place, told := range places(t, service) {
			made, err := try(load(t, service), told)
			require.NoError(t, err)

			text := manifest(made)
			reasons := excused()

			scaler := one[autoscalingv2.HorizontalPodAutoscaler](t, parse(t, text), "HorizontalPodAutoscaler")
			if *scaler.Spec.MinReplicas == 1 {
				maps.Copy(reasons, excusedOfOne())
			}

			for finding, summary := range findings(t, text) {
				assert.Contains(t, reasons, finding, "%s in %s: %s", service, place, summary)
				delete(unused, finding)
			}
		}
	}

	assert.Empty(t, unused, "reasons for what is no longer found")
}

// findings are what kube-score says against a manifest, by the check and the kind.
func findings(t *testing.T, manifest string) map[string]string {
	t.Helper()

	command := exec.CommandContext(t.Context(), "go", "tool", "kube-score", "score", "--output-format", "json",
		"--output-version", "v2", "--kubernetes-version", "v1.35", "-")
	command.Dir, command.Stdin = "kubescore", strings.NewReader(manifest)

	// It fails where it finds something, and then says what on its output all the same.
	output, _ := command.Output()

	var scored score

	require.NoError(t, json.Unmarshal(output, &scored), string(output))
	require.NotEmpty(t, scored)

	found := make(map[string]string)

	for _, object := range scored {
		kind, _, _ := strings.Cut(object.Name, "/")

		for _, check := range object.Checks {
			if check.Skipped || check.Grade >= fine {
				continue
			}

			var summaries []string
			for _, comment := range check.Comments {
				summaries = append(summaries, comment.Summary)
			}

			found[check.Check.ID+" "+kind] = strings.Join(summaries, "; ")
		}
	}

	return found
}

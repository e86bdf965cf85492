package charttest_test

import (
	"encoding/json"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
)

// excused is what kube-score finds and what stays, by the check, the kind and what it says, with the reason. One that
// it finds no more is to be taken out.
func excused() map[string]string {
	const (
		notAlways = ": ImagePullPolicy is not set to Always"
		byDigest  = "by digest an image is the same wherever it comes from; a pull at each start would need the registry"
		noCPU     = ": CPU limit is not set"
		noLimit   = "CPU that nobody else uses is for whoever can; a limit stops a process just as it is busy"
	)

	return map[string]string{
		"container-image-pull-policy Deployment" + notAlways: byDigest,
		"container-image-pull-policy Job" + notAlways:        byDigest,
		"container-image-pull-policy Pod" + notAlways:        byDigest,
		"container-resources Deployment" + noCPU:             noLimit,
		"container-resources Job" + noCPU:                    noLimit,
		"container-resources Pod" + noCPU:                    noLimit,
		"deployment-has-host-podantiaffinity Deployment: Deployment does not have a host podAntiAffinity set": "the check" +
			" does not look at topologySpreadConstraints, which spread pods over zones and nodes",
	}
}

// excusedOfOne is what stays besides where there may be a single replica: on a cluster of one's own.
func excusedOfOne() map[string]string {
	return map[string]string{
		"horizontalpodautoscaler-replicas HorizontalPodAutoscaler: HPA few replicas": "a service may be away there until" +
			" a pod has started anew",
		"deployment-has-poddisruptionbudget Deployment: No matching PodDisruptionBudget was found": "of one replica, a" +
			" budget would keep its node for ever",
	}
}

// score is what kube-score finds. It is a module of its own: it does not compile with the Kubernetes that Helm needs.
type score []struct {
	Name   string `json:"object_name"`
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

			for _, finding := range findings(t, text) {
				assert.Contains(t, reasons, finding, "%s in %s", service, place)
				delete(unused, finding)
			}
		}
	}

	assert.Empty(t, unused, "reasons for what is no longer found")
}

// What is excused of a check excuses nothing else that it says.
func TestAMigrationWithoutARequestHasNoExcuse(t *testing.T) {
	t.Parallel()

	const kind, request = "\nkind: Job\n", "memory: 64Mi"

	made, err := try(load(t, "flights"), told(t, "flights", "sandbox"))
	require.NoError(t, err)

	before, job, is := strings.Cut(manifest(made), kind)
	require.True(t, is)
	require.Contains(t, job, request)

	found := findings(t, before+kind+strings.Replace(job, request, "", 1))
	excuses := excused()

	assert.Equal(t, []string{"container-resources Job: Memory request is not set"},
		slices.DeleteFunc(found, func(finding string) bool { return excuses[finding] != "" }))
}

// findings are what kube-score says against a manifest, by the check and the kind.
func findings(t *testing.T, manifest string) []string {
	t.Helper()

	command := exec.CommandContext(t.Context(), "go", "tool", "kube-score", "score", "--output-format", "json",
		"--output-version", "v2", "--kubernetes-version", "v1.35", "-")
	command.Dir, command.Stdin = "../../tools/pins/kubescore", strings.NewReader(manifest)

	// It fails where it finds something, and then says what on its output all the same.
	output, _ := command.Output()

	var scored score

	require.NoError(t, json.Unmarshal(output, &scored), string(output))
	require.NotEmpty(t, scored)

	var found []string

	for _, object := range scored {
		kind, _, _ := strings.Cut(object.Name, "/")

		for _, check := range object.Checks {
			if check.Skipped || check.Grade >= fine {
				continue
			}

			finding := check.Check.ID + " " + kind
			if len(check.Comments) == 0 {
				found = append(found, finding)
			}

			for _, comment := range check.Comments {
				found = append(found, finding+": "+comment.Summary)
			}
		}
	}

	return found
}

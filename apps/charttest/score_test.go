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

// exceptions returns accepted findings of kube-score, as check, kind and message, with the reason for each. Remove an
// exception that is no longer found.
func exceptions() map[string]string {
	const (
		notAlways = ": ImagePullPolicy is not set to Always"
		byDigest  = "a digest identifies the image; with Always, each start of a pod would need the registry"
		noCPU     = ": CPU limit is not set"
		noLimit   = "pods can use idle CPU; a limit would slow a process when it is busy"
	)

	return map[string]string{
		"container-image-pull-policy Deployment" + notAlways: byDigest,
		"container-image-pull-policy Job" + notAlways:        byDigest,
		"container-image-pull-policy Pod" + notAlways:        byDigest,
		"container-resources Deployment" + noCPU:             noLimit,
		"container-resources Job" + noCPU:                    noLimit,
		"container-resources Pod" + noCPU:                    noLimit,
		"deployment-has-host-podantiaffinity Deployment: Deployment does not have a host podAntiAffinity set": "the check" +
			" ignores topologySpreadConstraints, which spread pods over zones and nodes",
	}
}

// singleReplicaExceptions returns the exceptions of a chart with a single replica, as in the README.
func singleReplicaExceptions() map[string]string {
	return map[string]string{
		"horizontalpodautoscaler-replicas HorizontalPodAutoscaler: HPA few replicas": "without a second replica," +
			" the service is unavailable until its pod has restarted",
		"deployment-has-poddisruptionbudget Deployment: No matching PodDisruptionBudget was found": "a budget" +
			" for one replica would block every drain of its node",
	}
}

// score is the output of kube-score, which is a module of its own: it does not compile with the Kubernetes of Helm.
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

// passing is the lowest grade of kube-score that is not a warning.
const passing = 7

func TestC5RequestsLimitsProbesSpreadAndDisruptionBudgetsNoFindingWithoutAReason(t *testing.T) {
	t.Parallel()

	unused := exceptions()
	maps.Copy(unused, singleReplicaExceptions())

	for _, service := range services(t) {
		for place, given := range places(t, service) {
			release, err := try(load(t, service), given)
			require.NoError(t, err)

			objects := manifest(release)
			reasons := exceptions()

			scaler := one[autoscalingv2.HorizontalPodAutoscaler](t, parse(t, objects), "HorizontalPodAutoscaler")
			if *scaler.Spec.MinReplicas == 1 {
				maps.Copy(reasons, singleReplicaExceptions())
			}

			for _, finding := range findings(t, objects) {
				assert.Contains(t, reasons, finding, "%s in %s", service, place)
				delete(unused, finding)
			}
		}
	}

	assert.Empty(t, unused, "remove the exceptions that are no longer found")
}

// An exception for one message of a check does not cover its other messages.
func TestAnExceptionAppliesToOneFindingOnly(t *testing.T) {
	t.Parallel()

	const kind, request = "\nkind: Job\n", "memory: 64Mi"

	release, err := try(load(t, "flights"), valuesIn(t, "flights", "sandbox"))
	require.NoError(t, err)

	before, job, ok := strings.Cut(manifest(release), kind)
	require.True(t, ok)
	require.Contains(t, job, request)

	found := findings(t, before+kind+strings.Replace(job, request, "", 1))
	accepted := exceptions()

	assert.Equal(t, []string{"container-resources Job: Memory request is not set"},
		slices.DeleteFunc(found, func(finding string) bool { return accepted[finding] != "" }))
}

// findings returns the findings of kube-score in a manifest, as check, kind and message.
func findings(t *testing.T, manifest string) []string {
	t.Helper()

	command := exec.CommandContext(t.Context(), "go", "tool", "kube-score", "score", "--output-format", "json",
		"--output-version", "v2", "--kubernetes-version", "v1.35", "-")
	command.Dir, command.Stdin = "../../tools/pins/kubescore", strings.NewReader(manifest)

	// kube-score exits with an error if it finds anything. Its output is complete anyway.
	output, _ := command.Output()

	var scored score

	require.NoError(t, json.Unmarshal(output, &scored), string(output))
	require.NotEmpty(t, scored)

	var found []string

	for _, object := range scored {
		kind, _, _ := strings.Cut(object.Name, "/")

		for _, check := range object.Checks {
			if check.Skipped || check.Grade >= passing {
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

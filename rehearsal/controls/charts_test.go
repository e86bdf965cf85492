package controls_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	flights      = "apps/charttest/testdata/flights-staging.yaml"
	namespace    = "kubernetes:core/v1:Namespace"
	release      = "kubernetes:helm.sh/v3:Release"
	applications = "kubernetes:argoproj.io/v1alpha1:ApplicationSet"
)

// failsIn asserts that a control passes, and fails for each change of a rendered chart, by what replaces what.
func failsIn(t *testing.T, id string, changes map[string]string) {
	t.Helper()
	passes(t, id)

	for before, after := range changes {
		environment := golden(t, "staging")
		edit(t, flights, before, after)(&environment)

		found := finding(t, environment, id)
		assert.Equal(t, controls.Fail, found.Result, "%s instead of %s", after, before)
		assert.NotEmpty(t, found.Evidence)

		for _, e := range found.Evidence {
			assert.Equal(t, flights, e.Name(), "%s instead of %s", after, before)
		}
	}
}

func TestC1PodsSatisfyThePodSecurityLevelRestrictedWithAReadOnlyRoot(t *testing.T) {
	t.Parallel()

	failsIn(t, "C1", map[string]string{
		"runAsNonRoot: true":              "runAsNonRoot: false",
		"type: RuntimeDefault":            "type: Unconfined",
		"readOnlyRootFilesystem: true":    "readOnlyRootFilesystem: false",
		"allowPrivilegeEscalation: false": "privileged: true",
		"drop: [ALL]":                     "drop: [NET_RAW]",
		"enableServiceLinks: false":       "hostNetwork: true",
	})
	fails(t, "C1", "gitops-namespace-flights", set(namespace, "gitops-namespace-flights", "metadata", object{}))
}

func TestC2EachPodHasItsOwnServiceAccountWithoutAMountedToken(t *testing.T) {
	t.Parallel()

	failsIn(t, "C2", map[string]string{
		"      automountServiceAccountToken: false": "      automountServiceAccountToken: true",
		"serviceAccountName: flights":               "serviceAccountName: other",
		"serviceAccountName: migrate":               "serviceAccountName: flights",
		"      serviceAccountName: flights\n":       "",
	})
}

func TestC3AllTrafficIsDeniedExceptWhatAPodNeeds(t *testing.T) {
	t.Parallel()

	failsIn(t, "C3", map[string]string{
		"podSelector: {}": "podSelector: {matchLabels: {a: b}}",
		"podSelector: {}\n  policyTypes: [Ingress, Egress]": "podSelector: {}\n  policyTypes: [Ingress]",
		"podSelector: {}\n": "podSelector: {}\n  egress: [{}]\n",
		"spec:\n  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: flights-migration": "spec:\n" +
			"  podSelector:\n    matchLabels:\n      app.kubernetes.io/name: other",
	})
}

func TestC4TheNamespaceDefaultIsEmpty(t *testing.T) {
	t.Parallel()

	failsIn(t, "C4", map[string]string{
		"metadata:\n  name: flights\n": "metadata: {name: flights, namespace: default}\nother:\n",
	})
	fails(t, "C4", "ingress-traefik", set(release, "ingress-traefik", "namespace", "default"))
	fails(t, "C4", "gitops-applications", set(applications, "gitops-applications", "spec", object{}))
}

func TestC5RequestsLimitsProbesSpreadAndDisruptionBudgetsNoFindingWithoutAReason(t *testing.T) {
	t.Parallel()

	failsIn(t, "C5", map[string]string{
		"@<digest>":                     ":latest",
		"requests:\n":                   "asks:\n",
		"limits:\n":                     "most:\n",
		"startupProbe:":                 "first:",
		"livenessProbe:":                "second:",
		"readinessProbe:":               "third:",
		"topologySpreadConstraints:":    "spread:",
		"kind: PodDisruptionBudget":     "kind: Other",
		"kind: HorizontalPodAutoscaler": "kind: Other",
	})
	assert.Contains(t, finding(t, golden(t, "staging"), "C5").Reason, "kube-score")
}

func TestC6ChartValuesContainNoSecret(t *testing.T) {
	t.Parallel()

	failsIn(t, "C6", map[string]string{
		"name: MYSQL_USER": "name: MYSQL_PASSWORD", "kind: ServiceAccount\n": "kind: Secret\n",
	})
	fails(t, "C6", "ingress-traefik", set(release, "ingress-traefik", "values", object{"admin": object{"password": "x"}}))
}

func TestC7AllPodsFitOnTheNodesThatTheEnvironmentMayHave(t *testing.T) {
	t.Parallel()

	for name, environment := range readGoldens(t) {
		assert.Equal(t, controls.Tested, finding(t, environment, "C7").Result, name)
	}
}

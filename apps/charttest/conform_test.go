package charttest_test

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yannh/kubeconform/pkg/validator"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	podsecurity "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

func TestEverySupportedMinorAcceptsTheManifests(t *testing.T) {
	t.Parallel()

	for _, version := range minors() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()

			everywhere(t, func(t *testing.T, service string, given values) {
				t.Helper()

				release, err := try(load(t, service), given)
				require.NoError(t, err)
				assert.Empty(t, invalid(t, version, manifest(release)))
			})
		})
	}
}

func TestUnknownFieldsAreErrors(t *testing.T) {
	t.Parallel()

	const service = "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: "

	for text, want := range map[string]string{
		service + "{ports: [{port: 80, targetPort: http}]}": "",
		service + "{port: 80}":                              "/spec/port",
		service + "{ports: [{port: http}]}":                 "got string, want integer",
		service + "{ports: [{name: http}]}":                 "missing property 'port'",
		"apiVersion: v2\nkind: Service":                     "value must be 'v1'",
		"apiVersion: v1\nkind: ConfigMap":                   "value must be one of",
		"kind: Service":                                     "missing 'apiVersion' key",
	} {
		faults := strings.Join(invalid(t, minors()[0], text), "\n")

		assert.Contains(t, faults, want, text)
		assert.Equal(t, want == "", faults == "", faults)
	}
}

// invalid returns the errors of a release of Kubernetes in a manifest.
func invalid(t *testing.T, version, text string) []string {
	t.Helper()

	conforms, err := validator.New([]string{"schemas/{{ .NormalizedKubernetesVersion }}.json"},
		validator.Opts{KubernetesVersion: strings.TrimPrefix(version, "v"), Strict: true})
	require.NoError(t, err)

	var faults []string

	for _, result := range conforms.ValidateWithContext(t.Context(), "", io.NopCloser(strings.NewReader(text))) {
		if result.Status != validator.Valid && result.Status != validator.Empty {
			faults = append(faults, result.Err.Error())
		}
	}

	return faults
}

// The table of supported minors is the cluster's.
func TestEverySupportedMinorHasASchema(t *testing.T) {
	t.Parallel()

	table, err := os.ReadFile(filepath.Join(apps, "..", "components", "cluster", "plan", "support.yaml"))
	require.NoError(t, err)

	var supported, tested []string

	for _, line := range regexp.MustCompile(`"(1\.\d+)":`).FindAllSubmatch(table, -1) {
		supported = append(supported, string(line[1]))
	}

	for _, version := range minors() {
		tested = append(tested, strings.TrimPrefix(version[:strings.LastIndex(version, ".")], "v"))
	}

	assert.ElementsMatch(t, supported, tested)
}

// Argo CD creates the namespaces with this level, which rejects other pods.
func TestC1PodsSatisfyThePodSecurityLevelRestrictedWithAReadOnlyRoot(t *testing.T) {
	t.Parallel()

	restricted, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	require.NoError(t, err)

	level := podsecurity.LevelVersion{Level: podsecurity.LevelRestricted, Version: podsecurity.LatestVersion()}

	everywhere(t, func(t *testing.T, service string, given values) {
		t.Helper()

		for name, pod := range pods(t, render(t, load(t, service), given)) {
			result := policy.AggregateCheckResults(restricted.EvaluatePod(level, &metav1.ObjectMeta{}, &pod.Spec))
			assert.True(t, result.Allowed, "%s: %s", name, result.ForbiddenDetail())

			for _, container := range pod.Spec.Containers {
				assert.True(t, *container.SecurityContext.ReadOnlyRootFilesystem, name)
			}
		}
	})
}

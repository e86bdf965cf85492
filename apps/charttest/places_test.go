package charttest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// places returns the values of a service's chart in each environment, and in a cluster without Argo CD, as in the
// chart's README, without traces and with them.
func places(t *testing.T, service string) map[string]values {
	t.Helper()

	found := map[string]values{"a cluster without Argo CD": readmeValues(t, service)}
	found["a cluster with traces"] = merge(readmeValues(t, service), values{
		"traces": values{"endpoint": "http://collector.observability:4318", "namespace": "observability"},
	})

	for _, environment := range environments(t, service) {
		found[environment] = valuesIn(t, service, environment)
	}

	return found
}

// everywhere runs a test for each service in each place.
func everywhere(t *testing.T, test func(t *testing.T, service string, given values)) {
	t.Helper()

	for _, service := range services(t) {
		for place, given := range places(t, service) {
			t.Run(service+" in "+place, func(t *testing.T) {
				t.Parallel()
				test(t, service, given)
			})
		}
	}
}

// readmeValues returns the values in the README of the chart.
func readmeValues(t *testing.T, service string) values {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(filepath.Join(apps, service, "chart", "README.md")))
	require.NoError(t, err)

	shown := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1)
	require.Len(t, shown, 1, "a README has one example of values")

	var given values

	require.NoError(t, yaml.UnmarshalStrict(shown[0][1], &given))

	return given
}

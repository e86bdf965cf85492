package charttest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// places are where a service runs and what its chart is told there: each environment, and the cluster without Argo CD
// that the chart's README is about.
func places(t *testing.T, service string) map[string]values {
	t.Helper()

	found := map[string]values{"a cluster of one's own": elsewhere(t, service)}
	for _, environment := range environments(t, service) {
		found[environment] = told(t, service, environment)
	}

	return found
}

// everywhere runs a test for each service in each place.
func everywhere(t *testing.T, test func(t *testing.T, service string, told values)) {
	t.Helper()

	for _, service := range services(t) {
		for place, told := range places(t, service) {
			t.Run(service+" in "+place, func(t *testing.T) {
				t.Parallel()
				test(t, service, told)
			})
		}
	}
}

// elsewhere are the values that the README of the chart shows.
func elsewhere(t *testing.T, service string) values {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(filepath.Join(apps, service, "chart", "README.md")))
	require.NoError(t, err)

	shown := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1)
	require.Len(t, shown, 1, "a README shows one file of values")

	var told values

	require.NoError(t, yaml.UnmarshalStrict(shown[0][1], &told))

	return told
}

package charttest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/helm-unittest/helm-unittest/pkg/unittest"
	"github.com/helm-unittest/helm-unittest/pkg/unittest/printer"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The suites are in the charts, where the command of helm-unittest finds them too. The test runs them on a copy,
// because helm-unittest creates folders for snapshots.
func TestTheSuitesOfEachChartPass(t *testing.T) {
	t.Parallel()

	for _, service := range services(t) {
		folder := t.TempDir()
		require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join(apps, service, "chart"))))

		suites, err := filepath.Glob(filepath.Join(folder, "tests", "*_test.yaml"))
		require.NoError(t, err)
		require.NotEmpty(t, suites, service)

		var output bytes.Buffer

		runner := unittest.TestRunner{
			Printer: printer.NewPrinter(&output, nil), TestFiles: []string{"tests/*_test.yaml"}, Strict: true,
		}

		assert.True(t, runner.RunV3([]string{folder}), output.String())
	}
}

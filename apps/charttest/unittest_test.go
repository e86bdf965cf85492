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

// The suites stand beside the charts, where helm-unittest's own command finds them too. Here they run on a copy, for it
// makes folders for snapshots.
func TestTheSuitesOfEachChart(t *testing.T) {
	t.Parallel()

	for _, service := range services(t) {
		folder := t.TempDir()
		require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join(apps, service, "chart"))))

		suites, err := filepath.Glob(filepath.Join(folder, "tests", "*_test.yaml"))
		require.NoError(t, err)
		require.NotEmpty(t, suites, service)

		var said bytes.Buffer

		runner := unittest.TestRunner{
			Printer: printer.NewPrinter(&said, nil), TestFiles: []string{"tests/*_test.yaml"}, Strict: true,
		}

		assert.True(t, runner.RunV3([]string{folder}), said.String())
	}
}

package charttest_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the goldens anew, to be read before a commit")

func TestWhatIsDeployedInEachEnvironment(t *testing.T) {
	t.Parallel()

	each(t, func(t *testing.T, service, environment string) {
		t.Helper()

		made, err := try(load(t, service), told(t, service, environment))
		require.NoError(t, err)

		golden := filepath.Join("testdata", service+"-"+environment+".yaml")
		// A release changes the digest and nothing else of this.
		got := regexp.MustCompile(`@sha256:[0-9a-f]{64}`).ReplaceAllString(manifest(made), "@<digest>")

		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
		}

		want, err := os.ReadFile(filepath.Clean(golden))
		require.NoError(t, err)
		assert.Equal(t, string(want), got, "go test . -update")
	})
}

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

var update = flag.Bool("update", false, "write the golden files; read the difference before you commit it")

func TestTheManifestsOfEachEnvironment(t *testing.T) {
	t.Parallel()

	each(t, func(t *testing.T, service, environment string) {
		t.Helper()

		release, err := try(load(t, service), valuesIn(t, service, environment))
		require.NoError(t, err)

		golden := filepath.Join("testdata", service+"-"+environment+".yaml")
		// Each release changes the digest, and nothing else in this file.
		got := regexp.MustCompile(`@sha256:[0-9a-f]{64}`).ReplaceAllString(manifest(release), "@<digest>")

		if *update {
			require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
		}

		want, err := os.ReadFile(filepath.Clean(golden))
		require.NoError(t, err)
		assert.Equal(t, string(want), got, "run go test . -update")
	})
}

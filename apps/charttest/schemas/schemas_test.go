package schemas_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/charttest/schemas"
)

func TestSchemasAreWhatTheGeneratorWrites(t *testing.T) {
	t.Parallel()

	for _, version := range schemas.Versions() {
		t.Run(version, func(t *testing.T) {
			t.Parallel()

			openAPI, err := schemas.Download(t.Context(), version)
			if err != nil && os.Getenv("CI") != "true" {
				t.Skip("without Kubernetes' module there is nothing to compare with: ", err)
			}

			require.NoError(t, err)

			want, err := schemas.From(openAPI)
			require.NoError(t, err)

			got, err := os.ReadFile(filepath.Clean(version + ".json"))
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got), "go generate ./...")
		})
	}
}

func TestAKindThatIsMissingIsNamed(t *testing.T) {
	t.Parallel()

	_, err := schemas.From([]byte(`{"definitions": {}}`))
	require.ErrorContains(t, err, "looking for v1 LimitRange")

	_, err = schemas.From([]byte(`{`))
	require.ErrorContains(t, err, "reading the OpenAPI text")
}

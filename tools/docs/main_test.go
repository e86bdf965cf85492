package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

func TestGeneratedDocumentsAreCurrent(t *testing.T) {
	t.Parallel()

	for _, d := range documents() {
		t.Run(d.file, func(t *testing.T) {
			t.Parallel()

			want, err := d.generate(os.DirFS(root))
			require.NoError(t, err)

			for range 3 {
				again, err := d.generate(os.DirFS(root))
				require.NoError(t, err)
				require.Equal(t, string(want), string(again), "the result must not depend on the order of a map")
			}

			got, err := os.ReadFile(filepath.Join(root, d.file))
			require.NoError(t, err)
			assert.Equal(t, string(want), string(got), "%s is out of date: run make generate", d.file)
		})
	}
}

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// root is the root of the repository.
const root = "../.."

func write(t *testing.T, path, text string) {
	t.Helper()

	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func TestEveryServiceIsFound(t *testing.T) {
	t.Parallel()

	services, err := findServices(root)
	require.NoError(t, err)
	assert.Subset(t, services, []service{
		{name: "flights", folder: filepath.Join(root, "apps/flights/service")},
		{name: "reservations", folder: filepath.Join(root, "apps/reservations/service")},
	})

	for _, s := range services {
		assert.NotEqual(t, "chassis", s.name, "chassis is not a service")
	}
}

func TestAllInvalidNamesAreReported(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	for _, name := range []string{"Shop", "shop_2", "shop"} {
		write(t, filepath.Join(folder, "apps", name, "service", "go.mod"), "module x\n")
	}

	_, err := findServices(folder)
	require.ErrorContains(t, err, `name is "Shop"`)
	require.ErrorContains(t, err, `name is "shop_2"`)
	require.NotContains(t, err.Error(), `"shop"`)

	_, err = findServices(t.TempDir())
	require.ErrorContains(t, err, "the root of the repository")
}

package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGoMustHaveThePinnedVersion(t *testing.T) {
	t.Parallel()

	pinned, err := readPins()
	require.NoError(t, err)
	assert.Regexp(t, `^go1\.\d+\.\d+$`, pinned.toolchain)
	assert.Regexp(t, `^v0\.0\.0-\d{14}-[0-9a-f]{12}$`, pinned.roots)

	require.NoError(t, checkToolchain(pinned.toolchain))
	require.ErrorContains(t, checkToolchain("go1.20.1"),
		"tools/images/go.mod pins "+pinned.toolchain+": build this program with GOTOOLCHAIN=")
}

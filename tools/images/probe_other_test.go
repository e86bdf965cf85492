//go:build !linux

package main

import (
	"runtime"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

func probe(t *testing.T, _, _ v1.Image) {
	t.Helper()
	t.Skip("images run on Linux, and this is", runtime.GOOS)
}

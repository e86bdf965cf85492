package main

import (
	"archive/tar"
	"crypto/x509"
	"debug/buildinfo"
	"encoding/pem"
	"errors"
	"io"
	"runtime/debug"
	"slices"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// imaginary returns an image of fake binaries.
func imaginary(t *testing.T, called string) *image {
	t.Helper()

	binaries := make([]*binary, 0, len(platforms()))
	for _, p := range platforms() {
		binaries = append(binaries, &binary{platform: p, content: []byte(called + " for " + p.String()), info: modules()})
	}

	made, err := assemble(called, binaries)
	require.NoError(t, err)

	return made
}

// modules returns modules of each kind that a binary can contain.
func modules() *buildinfo.BuildInfo {
	return &buildinfo.BuildInfo{
		GoVersion: "go1.99.1",
		Main:      debug.Module{Path: "shop.example/service", Version: "(devel)"},
		Deps: []*debug.Module{
			{Path: "a.example/b", Version: "v2.0.0+incompatible"},
			{Path: "a.example/forked", Version: "v1.0.0", Replace: &debug.Module{Path: "b.example/fork", Version: "v1.0.1"}},
			{Path: "shop.example/beside", Version: "v0.0.0", Replace: &debug.Module{Path: "../beside", Version: "(devel)"}},
		},
	}
}

// imagesOf returns the images of an index, by platform.
func imagesOf(t *testing.T, index v1.ImageIndex) map[string]v1.Image {
	t.Helper()

	manifest, err := index.IndexManifest()
	require.NoError(t, err)

	images := make(map[string]v1.Image, len(manifest.Manifests))

	for _, one := range manifest.Manifests {
		require.NotNil(t, one.Platform)

		image, err := index.Image(one.Digest)
		require.NoError(t, err)

		images[one.Platform.String()] = image
	}

	return images
}

// filesOf returns the files in an image, by path.
func filesOf(t *testing.T, made v1.Image) map[string]file {
	t.Helper()

	files := make(map[string]file)
	content := mutate.Extract(made)

	defer func() { require.NoError(t, content.Close()) }()

	archive := tar.NewReader(content)

	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return files
		}

		require.NoError(t, err)

		assert.Zero(t, header.Uid, header.Name)
		assert.Zero(t, header.Gid, header.Name)
		assert.True(t, header.ModTime.Equal(epoch()), "%s is of %s", header.Name, header.ModTime)

		text, err := io.ReadAll(archive)
		require.NoError(t, err)

		files[header.Name] = file{path: header.Name, mode: header.Mode, content: text}
	}
}

func TestAnImageIsAnOCIIndexOfEveryPlatform(t *testing.T) {
	t.Parallel()

	made := imaginary(t, "shop")
	manifest, err := made.index.IndexManifest()
	require.NoError(t, err)
	assert.Equal(t, types.OCIImageIndex, manifest.MediaType)

	images := imagesOf(t, made.index)
	assert.Len(t, images, 2)

	for _, p := range platforms() {
		image := images[p.String()]
		require.NotNil(t, image, p)

		manifest, err := image.Manifest()
		require.NoError(t, err)
		assert.Equal(t, types.OCIManifestSchema1, manifest.MediaType)
		assert.Equal(t, types.OCIConfigJSON, manifest.Config.MediaType)

		for _, layer := range manifest.Layers {
			assert.Equal(t, types.OCILayer, layer.MediaType)
		}
	}
}

func TestAnImageRunsAsAnUnprivilegedUser(t *testing.T) {
	t.Parallel()

	for platform, image := range imagesOf(t, imaginary(t, "shop").index) {
		config, err := image.ConfigFile()
		require.NoError(t, err)

		assert.Equal(t, platform, config.Platform().String())
		assert.True(t, config.Created.Equal(epoch()))
		assert.Equal(t, v1.Config{
			User:       "65532:65532",
			WorkingDir: "/",
			Entrypoint: []string{"/bin/shop"},
			Cmd:        []string{"serve"},
			Labels:     map[string]string{"org.opencontainers.image.title": "shop"},
		}, config.Config, "no variables, no ports, no volumes")
	}
}

func TestAnImageContainsOnlyTheBinaryUsersAndCertificates(t *testing.T) {
	t.Parallel()

	for platform, image := range imagesOf(t, imaginary(t, "shop").index) {
		modes := make(map[string]int64)
		files := filesOf(t, image)

		for path, f := range files {
			modes[path] = f.mode
		}

		assert.Equal(t, map[string]int64{
			"bin": 0o755, "bin/shop": 0o755,
			"etc": 0o755, "etc/group": 0o644, "etc/passwd": 0o644,
			"etc/ssl": 0o755, "etc/ssl/certs": 0o755, "etc/ssl/certs/ca-certificates.crt": 0o644,
		}, modes)

		assert.Equal(t, "shop for "+platform, string(files["bin/shop"].content))
		assert.Contains(t, string(files["etc/passwd"].content), "\nnonroot:x:65532:65532:nonroot:/:")
		assert.Contains(t, string(files["etc/group"].content), "\nnonroot:x:65532:\n")
	}
}

func TestServicesShareTheBaseLayer(t *testing.T) {
	t.Parallel()

	base := make(map[v1.Hash]bool)

	for _, called := range []string{"coffee", "shop"} {
		for _, image := range imagesOf(t, imaginary(t, called).index) {
			manifest, err := image.Manifest()
			require.NoError(t, err)
			require.Len(t, manifest.Layers, 2)

			base[manifest.Layers[0].Digest] = true
		}
	}

	assert.Len(t, base, 1)
}

func TestCertificatesAreMozillas(t *testing.T) {
	t.Parallel()

	names := make(map[string]bool)

	for rest := encode(bundle.Roots()); len(rest) > 0; {
		block, after := pem.Decode(rest)
		require.NotNil(t, block)

		certificate, err := x509.ParseCertificate(block.Bytes)
		require.NoError(t, err)
		require.True(t, certificate.IsCA)

		names[certificate.Subject.CommonName] = true
		rest = after
	}

	assert.Greater(t, len(names), 100)

	for _, ofAWS := range []string{"Amazon Root CA 1", "Amazon Root CA 2", "Amazon Root CA 3", "Amazon Root CA 4"} {
		assert.Contains(t, names, ofAWS)
	}
}

func TestAConstrainedCertificateIsOmitted(t *testing.T) {
	t.Parallel()

	limit := func([]*x509.Certificate) error { return nil }
	text := encode(slices.Values([]bundle.Root{
		{Certificate: []byte("limited"), Constraint: limit}, {Certificate: []byte("whole")},
	}))

	block, rest := pem.Decode(text)
	require.NotNil(t, block)
	assert.Equal(t, "whole", string(block.Bytes))
	assert.Empty(t, rest)
}

package main

import (
	"fmt"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// user is the user that runs the service. It is numeric, so that Kubernetes can verify that it is not root.
const user = "65532:65532"

// image is the image of a service for all platforms.
type image struct {
	name   string
	index  v1.ImageIndex
	digest v1.Hash
	// sbom is an artifact that refers to the index.
	sbom v1.Image
	// sizes lists the compressed size for each platform.
	sizes string
}

// assemble creates the image of a service from its binaries.
func assemble(name string, binaries []*binary) (*image, error) {
	made := &image{name: name, index: mutate.IndexMediaType(empty.Index, types.OCIImageIndex)}

	// All services share the layer below the binary, so a node pulls it once.
	base, err := baseLayer()
	if err != nil {
		return nil, err
	}

	var sizes []string

	for _, b := range binaries {
		variant, err := forPlatform(name, base, b)
		if err != nil {
			return nil, fmt.Errorf("for %s: %w", b.platform, err)
		}

		size, err := compressedSize(variant)
		if err != nil {
			return nil, fmt.Errorf("measuring the layers for %s: %w", b.platform, err)
		}

		sizes = append(sizes, fmt.Sprintf("%s=%.1fMB", b.platform.Architecture, float64(size)/1e6))
		made.index = mutate.AppendManifests(made.index,
			mutate.IndexAddendum{Add: variant, Descriptor: v1.Descriptor{Platform: &b.platform}})
	}

	made.sizes = strings.Join(sizes, " ")

	made.digest, err = made.index.Digest()
	if err != nil {
		return nil, fmt.Errorf("computing the digest: %w", err)
	}

	made.sbom, err = newSBOM(made, binaries)

	return made, err
}

// forPlatform creates the image for one platform: the binary above the base layer. Its configuration contains neither
// commit nor time, which would change the digest although the content is the same: the provenance names the commit. It
// declares no port, because a variable sets it.
func forPlatform(name string, base v1.Layer, b *binary) (v1.Image, error) {
	top, err := newLayer(file{path: "bin/"}, file{path: pathOf(name), mode: 0o755, content: b.content})
	if err != nil {
		return nil, err
	}

	made, err := mutate.AppendLayers(mutate.ConfigMediaType(
		mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON), base, top)
	if err != nil {
		return nil, fmt.Errorf("appending the layers: %w", err)
	}

	read, err := made.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}

	config := read.DeepCopy()
	config.OS, config.Architecture = b.platform.OS, b.platform.Architecture
	config.Created = v1.Time{Time: epoch()}
	config.Config = v1.Config{
		User:       user,
		WorkingDir: "/",
		Entrypoint: []string{"/" + pathOf(name)},
		Cmd:        []string{"serve"},
		Labels:     map[string]string{"org.opencontainers.image.title": name},
	}

	return mutate.ConfigFile(made, config)
}

// compressedSize returns the size of an image's layers.
func compressedSize(made v1.Image) (int64, error) {
	manifest, err := made.Manifest()
	if err != nil {
		return 0, err
	}

	var size int64
	for _, layer := range manifest.Layers {
		size += layer.Size
	}

	return size, nil
}

// epoch is the time of all files and images, so that every build has the same digest.
func epoch() time.Time { return time.Unix(0, 0).UTC() }

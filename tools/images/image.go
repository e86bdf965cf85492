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

// variant is the image for one platform.
type variant struct {
	*binary

	image  v1.Image
	digest v1.Hash
}

// assemble creates the image of a service from its binaries.
func assemble(name string, binaries []*binary) (*image, error) {
	made := &image{name: name, index: mutate.IndexMediaType(empty.Index, types.OCIImageIndex)}

	// All services share the layer below the binary, so a node pulls it once.
	base, err := baseLayer()
	if err != nil {
		return nil, err
	}

	variants := make([]*variant, 0, len(binaries))
	sizes := make([]string, 0, len(binaries))

	for _, b := range binaries {
		v, size, err := newVariant(name, base, b)
		if err != nil {
			return nil, fmt.Errorf("for %s: %w", b.platform, err)
		}

		variants = append(variants, v)
		sizes = append(sizes, fmt.Sprintf("%s=%.1fMB", b.platform.Architecture, megabytes(size)))
		made.index = mutate.AppendManifests(made.index,
			mutate.IndexAddendum{Add: v.image, Descriptor: v1.Descriptor{Platform: &b.platform}})
	}

	made.sizes = strings.Join(sizes, " ")

	made.digest, err = made.index.Digest()
	if err != nil {
		return nil, fmt.Errorf("computing the digest: %w", err)
	}

	made.sbom, err = newSBOM(made, variants)

	return made, err
}

// newVariant puts a binary above the base layer, and returns the compressed size of both.
func newVariant(name string, base v1.Layer, b *binary) (*variant, int64, error) {
	top, err := binaryLayer(name, b.content)
	if err != nil {
		return nil, 0, err
	}

	var size int64

	for _, layer := range []v1.Layer{base, top} {
		compressed, err := layer.Size()
		if err != nil {
			return nil, 0, fmt.Errorf("measuring a layer: %w", err)
		}

		size += compressed
	}

	made, err := mutate.AppendLayers(mutate.ConfigMediaType(
		mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON), base, top)
	if err != nil {
		return nil, 0, fmt.Errorf("appending the layers: %w", err)
	}

	made, err = configure(made, name, b.platform)
	if err != nil {
		return nil, 0, err
	}

	digest, err := made.Digest()
	if err != nil {
		return nil, 0, fmt.Errorf("computing the digest: %w", err)
	}

	return &variant{binary: b, image: made, digest: digest}, size, nil
}

// configure sets how the image runs. It contains neither commit nor time, which would change the digest although the
// content is the same: the provenance names the commit. It declares no port, because a variable sets it.
func configure(made v1.Image, name string, p v1.Platform) (v1.Image, error) {
	read, err := made.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}

	file := read.DeepCopy()
	file.OS, file.Architecture = p.OS, p.Architecture
	file.Created = v1.Time{Time: epoch()}
	file.Config = v1.Config{
		User:       user,
		WorkingDir: "/",
		Entrypoint: []string{"/" + pathOf(name)},
		Cmd:        []string{"serve"},
		Labels:     map[string]string{"org.opencontainers.image.title": name},
	}

	made, err = mutate.ConfigFile(made, file)
	if err != nil {
		return nil, fmt.Errorf("writing the configuration: %w", err)
	}

	return made, nil
}

// epoch is the time of all files and images, so that every build has the same digest.
func epoch() time.Time { return time.Unix(0, 0).UTC() }

func megabytes(size int64) float64 {
	const mega = 1e6

	return float64(size) / mega
}

package main

import (
	"bytes"
	"encoding/json"
	"fmt"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// emptyType is the media type of emptyConfig, which OCI defines for artifacts without a configuration.
const emptyType types.MediaType = "application/vnd.oci.empty.v1+json"

const emptyConfig = "{}"

// artifact is a document that refers to an image: a referrer of OCI 1.1. A registry that supports referrers lists it
// with the image. For other registries, a tag derived from the image's digest lists it.
type artifact struct {
	document v1.Layer
	manifest []byte
}

// attach returns an artifact with a document about an image.
func attach(subject partial.Describable, kind types.MediaType, document []byte) (v1.Image, error) {
	about, err := partial.Descriptor(subject)
	if err != nil {
		return nil, fmt.Errorf("describing the image: %w", err)
	}

	layer := static.NewLayer(document, kind)

	content, err := partial.Descriptor(layer)
	if err != nil {
		return nil, fmt.Errorf("describing the document: %w", err)
	}

	digest, size, err := v1.SHA256(bytes.NewReader([]byte(emptyConfig)))
	if err != nil {
		return nil, fmt.Errorf("computing the digest of the empty configuration: %w", err)
	}

	manifest, err := json.Marshal(v1.Manifest{
		SchemaVersion: 2,
		MediaType:     types.OCIManifestSchema1,
		ArtifactType:  string(kind),
		Config:        v1.Descriptor{MediaType: emptyType, Digest: digest, Size: size},
		Layers:        []v1.Descriptor{{MediaType: kind, Digest: content.Digest, Size: content.Size}},
		Subject:       &v1.Descriptor{MediaType: about.MediaType, Digest: about.Digest, Size: about.Size},
	})
	if err != nil {
		return nil, fmt.Errorf("writing the manifest: %w", err)
	}

	made, err := partial.CompressedToImage(&artifact{document: layer, manifest: manifest})
	if err != nil {
		return nil, fmt.Errorf("making the artifact: %w", err)
	}

	return made, nil
}

// RawManifest returns the manifest.
func (a *artifact) RawManifest() ([]byte, error) { return a.manifest, nil }

// RawConfigFile returns the empty configuration.
func (a *artifact) RawConfigFile() ([]byte, error) { return []byte(emptyConfig), nil }

// MediaType returns the media type of the manifest.
func (a *artifact) MediaType() (types.MediaType, error) { return types.OCIManifestSchema1, nil }

// LayerByDigest returns the document, which is the only layer.
func (a *artifact) LayerByDigest(v1.Hash) (partial.CompressedLayer, error) { return a.document, nil }

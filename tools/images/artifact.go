package main

import (
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
	layer := static.NewLayer(document, kind)
	manifest := v1.Manifest{
		SchemaVersion: 2, MediaType: types.OCIManifestSchema1, ArtifactType: string(kind),
		Layers: make([]v1.Descriptor, 1), Subject: new(v1.Descriptor),
	}

	for descriptor, described := range map[*v1.Descriptor]partial.Describable{
		&manifest.Config:    static.NewLayer([]byte(emptyConfig), emptyType),
		&manifest.Layers[0]: layer,
		manifest.Subject:    subject,
	} {
		found, err := partial.Descriptor(described)
		if err != nil {
			return nil, fmt.Errorf("describing the artifact: %w", err)
		}

		*descriptor = *found
	}

	encoded, err := json.Marshal(manifest)
	if err != nil {
		return nil, fmt.Errorf("encoding the artifact's manifest: %w", err)
	}

	return partial.CompressedToImage(&artifact{document: layer, manifest: encoded})
}

// RawManifest returns the manifest.
func (a *artifact) RawManifest() ([]byte, error) { return a.manifest, nil }

// RawConfigFile returns the empty configuration.
func (a *artifact) RawConfigFile() ([]byte, error) { return []byte(emptyConfig), nil }

// MediaType returns the media type of the manifest.
func (a *artifact) MediaType() (types.MediaType, error) { return types.OCIManifestSchema1, nil }

// LayerByDigest returns the document, which is the only layer.
func (a *artifact) LayerByDigest(v1.Hash) (partial.CompressedLayer, error) { return a.document, nil }

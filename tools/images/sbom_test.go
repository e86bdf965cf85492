package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// referrer returns the only artifact that refers to an image at a registry: its SBOM.
func referrer(t *testing.T, reference name.Digest) v1.Image {
	t.Helper()

	list, err := remote.Referrers(reference)
	require.NoError(t, err)

	manifest, err := list.IndexManifest()
	require.NoError(t, err)
	require.Len(t, manifest.Manifests, 1)

	artifact, err := remote.Image(reference.Context().Digest(manifest.Manifests[0].Digest.String()))
	require.NoError(t, err)

	// The list has the type, too, but the registry in this process lists the type of the configuration.
	about, err := artifact.Manifest()
	require.NoError(t, err)
	require.Equal(t, sbomType, about.ArtifactType)

	return artifact
}

// sbomText returns the document in an artifact.
func sbomText(t *testing.T, artifact v1.Image) string {
	t.Helper()

	layers, err := artifact.Layers()
	require.NoError(t, err)
	require.Len(t, layers, 1)

	content, err := layers[0].Compressed()
	require.NoError(t, err)

	defer func() { require.NoError(t, content.Close()) }()

	text, err := io.ReadAll(content)
	require.NoError(t, err)

	return string(text)
}

// readSBOM decodes an SBOM and validates it with the schema of CycloneDX.
func readSBOM(t *testing.T, text string) *cyclonedx.BOM {
	t.Helper()

	// The library's module contains the schemas for its own tests.
	output, err := exec.CommandContext(t.Context(),
		"go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	require.NoError(t, err)

	compiler := jsonschema.NewCompiler()

	for at, name := range map[string]string{
		"bom-1.6.schema.json": "bom-1.6.schema.json", "spdx.schema.json": "spdx.schema.json",
		"jsf-0.82.schema.json": "jsf-0.82.schemax.json",
	} {
		schema, err := fs.ReadFile(os.DirFS(strings.TrimSpace(string(output))), "schema/"+name)
		require.NoError(t, err)

		parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
		require.NoError(t, err)
		require.NoError(t, compiler.AddResource("http://cyclonedx.org/schema/"+at, parsed))
	}

	schema, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	require.NoError(t, err)

	document, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, schema.Validate(document))

	bom := new(cyclonedx.BOM)
	require.NoError(t, cyclonedx.NewBOMDecoder(strings.NewReader(text), cyclonedx.BOMFileFormatJSON).Decode(bom))

	return bom
}

// libraries returns the libraries in an SBOM, as "path version".
func libraries(bom *cyclonedx.BOM) []string {
	var list []string

	for _, one := range *bom.Components {
		if one.Type == cyclonedx.ComponentTypeLibrary {
			list = append(list, strings.TrimSpace(one.Name+" "+one.Version))
		}
	}

	return list
}

func TestTheSBOMListsTheContentsOfAnImage(t *testing.T) {
	t.Parallel()

	pinned, err := readPins()
	require.NoError(t, err)

	bom := readSBOM(t, sbomText(t, imaginary(t, "shop").sbom))

	assert.ElementsMatch(t, []string{
		"stdlib 1.99.1", "shop.example/service", "shop.example/beside", "a.example/b v2.0.0+incompatible",
		"b.example/fork v1.0.1", rootsModule + " " + pinned.roots,
	}, libraries(bom))
	assert.Empty(t, bom.Metadata.Timestamp)
	assert.Empty(t, bom.SerialNumber)

	for _, one := range *bom.Components {
		assert.Equal(t, one.BOMRef, one.PackageURL)

		if one.Name == "a.example/b" {
			assert.Equal(t, "pkg:golang/a.example/b@v2.0.0%2Bincompatible", one.PackageURL)
		}
	}
}

func TestTheSBOMDescribesTheBinaryOfEachPlatform(t *testing.T) {
	t.Parallel()

	made := imaginary(t, "shop")
	bom := readSBOM(t, sbomText(t, made.sbom))
	needs := make(map[string][]string)

	for _, one := range *bom.Dependencies {
		needs[one.Ref] = *one.Dependencies
	}

	whole := bom.Metadata.Component
	assert.Equal(t, made.digest.String(), whole.Version)
	require.Len(t, needs[whole.BOMRef], 2)

	images := imagesOf(t, made.index)

	var refs []string
	for _, library := range (*bom.Components)[2:] {
		refs = append(refs, library.BOMRef)
	}

	for i, p := range platforms() {
		one := (*bom.Components)[i]
		assert.Equal(t, needs[whole.BOMRef][i], one.BOMRef)
		assert.True(t, strings.HasSuffix(one.PackageURL, "?arch="+p.Architecture), one.PackageURL)

		digest, err := images[p.String()].Digest()
		require.NoError(t, err)
		assert.Equal(t, digest.String(), one.Version)
		assert.ElementsMatch(t, needs[one.BOMRef], refs)

		sum := sha256.Sum256([]byte("shop for " + p.String()))
		assert.Equal(t, hex.EncodeToString(sum[:]), (*(*one.Components)[0].Hashes)[0].Value)
	}
}

func TestTheSBOMRefersToTheIndex(t *testing.T) {
	t.Parallel()

	made := imaginary(t, "shop")
	manifest, err := made.sbom.Manifest()
	require.NoError(t, err)

	assert.Equal(t, made.digest, manifest.Subject.Digest)
	assert.Equal(t, types.OCIImageIndex, manifest.Subject.MediaType)
	assert.Equal(t, "application/vnd.cyclonedx+json", manifest.ArtifactType)
	assert.Equal(t, types.MediaType("application/vnd.oci.empty.v1+json"), manifest.Config.MediaType)

	config, err := made.sbom.RawConfigFile()
	require.NoError(t, err)
	assert.Equal(t, "{}", string(config))

	digest, _, err := v1.SHA256(bytes.NewReader(config))
	require.NoError(t, err)
	assert.Equal(t, digest, manifest.Config.Digest)
}

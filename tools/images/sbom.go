package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/mod/modfile"
)

// sbomType is the media type of the SBOM.
const sbomType = "application/vnd.cyclonedx+json"

// newSBOM returns the SBOM of an image: its platforms, and the modules in the binary of each. One document describes
// all platforms and refers to the index, because the index is what is deployed, scanned and signed. It contains neither
// a time nor a serial number, so that every build has the same digest.
func newSBOM(made *image, binaries []*binary) (v1.Image, error) {
	pinned, err := readPins()
	if err != nil {
		return nil, err
	}

	index, err := made.index.IndexManifest()
	if err != nil {
		return nil, fmt.Errorf("reading the digests of the platforms: %w", err)
	}

	whole := container(made.name, made.digest, "")
	bom := cyclonedx.NewBOM()
	bom.Metadata = &cyclonedx.Metadata{
		Component:  &whole,
		Lifecycles: &[]cyclonedx.Lifecycle{{Phase: cyclonedx.LifecyclePhaseBuild}},
	}

	roots := library(rootsModule, pinned.roots)
	libraries := map[string]cyclonedx.Component{roots.BOMRef: roots}

	var (
		components   []cyclonedx.Component
		platforms    []string
		dependencies []cyclonedx.Dependency
	)

	for i, b := range binaries {
		modules := modulesOf(b.info)
		maps.Copy(libraries, modules)

		needs := append(slices.Sorted(maps.Keys(modules)), roots.BOMRef)
		platform := container(made.name, index.Manifests[i].Digest, b.platform.Architecture)
		platform.Components = &[]cyclonedx.Component{b.component(made.name)}
		components = append(components, platform)
		platforms = append(platforms, platform.BOMRef)
		dependencies = append(dependencies, cyclonedx.Dependency{Ref: platform.BOMRef, Dependencies: &needs})
	}

	bom.Dependencies = new(append(dependencies, cyclonedx.Dependency{Ref: whole.BOMRef, Dependencies: &platforms}))

	for _, ref := range slices.Sorted(maps.Keys(libraries)) {
		components = append(components, libraries[ref])
	}

	bom.Components = &components

	var text bytes.Buffer

	err = cyclonedx.NewBOMEncoder(&text, cyclonedx.BOMFileFormatJSON).Encode(bom)
	if err != nil {
		return nil, fmt.Errorf("encoding the SBOM: %w", err)
	}

	return attach(made.index, sbomType, text.Bytes())
}

// component describes the binary.
func (b *binary) component(name string) cyclonedx.Component {
	sum := sha256.Sum256(b.content)

	return cyclonedx.Component{
		Type:   cyclonedx.ComponentTypeFile,
		Name:   "/" + pathOf(name),
		Hashes: &[]cyclonedx.Hash{{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(sum[:])}},
	}
}

// container describes an image: the index, or with an architecture the image for that architecture.
func container(name string, digest v1.Hash, architecture string) cyclonedx.Component {
	purl := "pkg:oci/" + name + "@" + url.QueryEscape(digest.String())
	if architecture != "" {
		purl += "?arch=" + architecture
	}

	return cyclonedx.Component{
		Type: cyclonedx.ComponentTypeContainer, BOMRef: purl, PackageURL: purl, Name: name, Version: digest.String(),
	}
}

// modulesOf returns the modules in a binary, and Go's standard library under the name that advisories use.
func modulesOf(info *debug.BuildInfo) map[string]cyclonedx.Component {
	modules := make(map[string]cyclonedx.Component)
	add := func(name, version string) {
		module := library(name, version)
		modules[module.BOMRef] = module
	}

	add("stdlib", strings.TrimPrefix(info.GoVersion, "go"))
	add(info.Main.Path, "")

	for _, m := range info.Deps {
		switch {
		case m.Replace == nil:
			add(m.Path, m.Version)
		case modfile.IsDirectoryPath(m.Replace.Path): // a module of this repository
			add(m.Path, "")
		default:
			add(m.Replace.Path, m.Replace.Version)
		}
	}

	return modules
}

// library describes a Go module. Modules of this repository have no version.
func library(name, version string) cyclonedx.Component {
	purl := "pkg:golang/" + name
	if version != "" {
		purl += "@" + url.QueryEscape(version)
	}

	return cyclonedx.Component{
		Type: cyclonedx.ComponentTypeLibrary, BOMRef: purl, PackageURL: purl, Name: name, Version: version,
	}
}

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/CycloneDX/cyclonedx-go"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/mod/modfile"
)

// sbomType is the media type of the SBOM.
const sbomType = "application/vnd.cyclonedx+json"

// newSBOM lists what is in an image: its platforms, and the modules in each one's binary. It is one document for them
// all, which refers to the index, since the digest of the index is what is deployed, scanned and signed. It has no time
// and no number of its own: it would be another at the next build.
func newSBOM(made *image, variants []*variant) (v1.Image, error) {
	pinned, err := readPins()
	if err != nil {
		return nil, err
	}

	whole := container(made.name, made.digest, "")
	bom := cyclonedx.NewBOM()
	bom.Metadata = &cyclonedx.Metadata{
		Component:  &whole,
		Lifecycles: &[]cyclonedx.Lifecycle{{Phase: cyclonedx.LifecyclePhaseBuild}},
	}

	roots := library(rootsModule, pinned.roots)
	libraries := map[string]cyclonedx.Component{roots.BOMRef: roots}
	platforms := make([]cyclonedx.Component, 0, len(variants))
	dependencies := make([]cyclonedx.Dependency, 0, len(variants)+1)

	for _, v := range variants {
		modules := modulesOf(v.info)
		maps.Copy(libraries, modules)

		needs := slices.Sorted(maps.Keys(modules))
		needs = append(needs, roots.BOMRef)
		one := v.component(made.name)
		platforms = append(platforms, one)
		dependencies = append(dependencies, cyclonedx.Dependency{Ref: one.BOMRef, Dependencies: &needs})
	}

	bom.Dependencies = new(append(dependencies, cyclonedx.Dependency{Ref: whole.BOMRef, Dependencies: refs(platforms)}))

	for _, ref := range slices.Sorted(maps.Keys(libraries)) {
		platforms = append(platforms, libraries[ref])
	}

	bom.Components = &platforms

	var text bytes.Buffer

	err = cyclonedx.NewBOMEncoder(&text, cyclonedx.BOMFileFormatJSON).Encode(bom)
	if err != nil {
		return nil, fmt.Errorf("writing the SBOM: %w", err)
	}

	return attach(made.index, sbomType, text.Bytes())
}

// component is the image for a platform, with the binary in it.
func (v *variant) component(name string) cyclonedx.Component {
	sum := sha256.Sum256(v.content)
	one := container(name, v.digest, v.platform.Architecture)
	one.Components = &[]cyclonedx.Component{{
		Type: cyclonedx.ComponentTypeFile,
		Name: path.Join("/", pathOf(name)),
		Hashes: &[]cyclonedx.Hash{
			{Algorithm: cyclonedx.HashAlgoSHA256, Value: hex.EncodeToString(sum[:])},
		},
	}}

	return one
}

// container is an image, or the one of them that is for an architecture.
func container(name string, digest v1.Hash, architecture string) cyclonedx.Component {
	purl := "pkg:oci/" + name + "@" + url.QueryEscape(digest.String())
	if architecture != "" {
		purl += "?arch=" + architecture
	}

	return cyclonedx.Component{
		Type: cyclonedx.ComponentTypeContainer, BOMRef: purl, PackageURL: purl, Name: name, Version: digest.String(),
	}
}

// modulesOf are the modules in a binary and Go's own library, by the name by which advisories know it.
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
		case modfile.IsDirectoryPath(m.Replace.Path):
			// One of ours, from the folder beside.
			add(m.Path, "")
		default:
			add(m.Replace.Path, m.Replace.Version)
		}
	}

	return modules
}

// library is a Go module; ours have no version of their own.
func library(name, version string) cyclonedx.Component {
	purl := "pkg:golang/" + name
	if version != "" {
		purl += "@" + url.QueryEscape(version)
	}

	return cyclonedx.Component{
		Type: cyclonedx.ComponentTypeLibrary, BOMRef: purl, PackageURL: purl, Name: name, Version: version,
	}
}

func refs(components []cyclonedx.Component) *[]string {
	list := make([]string, 0, len(components))
	for _, one := range components {
		list = append(list, one.BOMRef)
	}

	return &list
}

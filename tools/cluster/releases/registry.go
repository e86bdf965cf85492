package releases

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"sync"
)

// The media types of a chart in a registry (Helm, "Use OCI-based registries").
const (
	typeManifest = "application/vnd.oci.image.manifest.v1+json"
	typeConfig   = "application/vnd.cncf.helm.config.v1+json"
	typeArchive  = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
)

// blob is content of a registry, under its digest.
type blob struct {
	mediaType string
	content   []byte
}

func (b blob) digest() string { return fmt.Sprintf("sha256:%x", sha256.Sum256(b.content)) }

func (b blob) describe() map[string]any {
	return map[string]any{"mediaType": b.mediaType, "digest": b.digest(), "size": len(b.content)}
}

// registry is an OCI registry with the charts that the program installs from one: their latest path element is the name
// of the chart.
type registry map[string]blob

// registryOf returns a registry of charts. The first pull packs them: they are needed only there.
func registryOf(charts []Chart) http.Handler {
	packed := sync.OnceValues(func() (registry, error) { return pack(charts) })

	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		all, err := packed()
		if err != nil {
			http.Error(response, err.Error(), http.StatusInternalServerError)

			return
		}

		all.ServeHTTP(response, request)
	})
}

// pack packs charts. Manifests are under their digest, and under name:version.
func pack(charts []Chart) (registry, error) {
	all := registry{}

	for _, chart := range charts {
		for _, version := range []string{chart.Version, Older} {
			chart.Version = version

			if err := all.push(chart); err != nil {
				return nil, fmt.Errorf("packing the chart %s: %w", chart.Name, err)
			}
		}
	}

	return all, nil
}

// ServeHTTP answers pulls (OCI Distribution Specification): /v2/<repository>/manifests/<tag or digest>, and
// /v2/<repository>/blobs/<digest>.
func (r registry) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	folder, reference := path.Split(request.URL.Path)

	found, known := r[reference]
	if !known {
		found, known = r[path.Base(path.Dir(path.Clean(folder)))+":"+reference]
	}

	if !known {
		http.NotFound(response, request)

		return
	}

	response.Header().Set("Content-Type", found.mediaType)
	response.Header().Set("Content-Length", strconv.Itoa(len(found.content)))
	response.Header().Set("Docker-Content-Digest", found.digest())

	if request.Method != http.MethodHead {
		_, _ = response.Write(found.content) // a client that does not read is gone
	}
}

// push adds a chart.
func (r registry) push(chart Chart) error {
	var archive bytes.Buffer
	if err := chart.archive(&archive); err != nil {
		return err
	}

	config, err := json.Marshal(map[string]string{"apiVersion": "v2", "name": chart.Name, "version": chart.Version})
	if err != nil {
		return err
	}

	parts := []blob{{typeConfig, config}, {typeArchive, archive.Bytes()}}
	for _, part := range parts {
		r[part.digest()] = part
	}

	text, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": typeManifest, "config": parts[0].describe(), "layers": []any{parts[1].describe()},
	})
	manifest := blob{typeManifest, text}
	r[manifest.digest()], r[chart.Name+":"+chart.Version] = manifest, manifest

	return err
}

package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/pem"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// rootsPath is the first file in which Go and most other programs look for CA certificates.
const rootsPath = "etc/ssl/certs/ca-certificates.crt"

// file is a file in a layer. It belongs to root, so the service can read but not change it.
type file struct {
	path    string
	mode    int64
	content []byte
}

// pathOf returns the path of the binary. Its folder is on the default PATH of containers, so that `kubectl exec` finds
// it.
func pathOf(name string) string { return "bin/" + name }

// baseLayer contains the users and the CA certificates.
func baseLayer() (v1.Layer, error) {
	id, _, _ := strings.Cut(user, ":")

	return newLayer(
		file{path: "etc/group", mode: 0o644, content: fmt.Appendf(nil, "root:x:0:\nnonroot:x:%s:\n", id)},
		file{path: "etc/passwd", mode: 0o644, content: fmt.Appendf(nil,
			"root:x:0:0:root:/:/sbin/nologin\nnonroot:x:%s:%s:nonroot:/:/sbin/nologin\n", id, id)},
		file{path: rootsPath, mode: 0o644, content: encode(bundle.Roots())},
	)
}

// binaryLayer contains the binary.
func binaryLayer(name string, content []byte) (v1.Layer, error) {
	return newLayer(file{path: pathOf(name), mode: 0o755, content: content})
}

// encode encodes CA certificates: Mozilla's for TLS servers, in the version that go.mod pins. It omits certificates
// that Mozilla constrains, because the file cannot express constraints.
func encode(roots iter.Seq[bundle.Root]) []byte {
	var text bytes.Buffer

	for root := range roots {
		if root.Constraint == nil {
			text.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}))
		}
	}

	return text.Bytes()
}

// newLayer packs files and their folders.
func newLayer(files ...file) (v1.Layer, error) {
	var packed bytes.Buffer

	err := pack(&packed, files)
	if err != nil {
		return nil, fmt.Errorf("packing a layer: %w", err)
	}

	layer, err := tarball.LayerFromOpener(
		func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(packed.Bytes())), nil },
		tarball.WithMediaType(types.OCILayer),
		tarball.WithCompressionLevel(gzip.BestCompression), tarball.WithCompressedCaching,
	)
	if err != nil {
		return nil, fmt.Errorf("compressing a layer: %w", err)
	}

	return layer, nil
}

// pack writes files in the given order, each after its folders.
func pack(target io.Writer, files []file) error {
	archive := tar.NewWriter(target)

	var folders []string

	for _, f := range files {
		for at, letter := range f.path {
			if folder := f.path[:at] + "/"; letter == '/' && !slices.Contains(folders, folder) {
				folders = append(folders, folder)

				err := archive.WriteHeader(header(tar.TypeDir, folder, 0o755, 0))
				if err != nil {
					return fmt.Errorf("%s: %w", folder, err)
				}
			}
		}

		err := archive.WriteHeader(header(tar.TypeReg, f.path, f.mode, int64(len(f.content))))
		if err == nil {
			_, err = archive.Write(f.content)
		}

		if err != nil {
			return fmt.Errorf("%s: %w", f.path, err)
		}
	}

	return archive.Close()
}

func header(kind byte, name string, mode, size int64) *tar.Header {
	return &tar.Header{
		Typeflag: kind, Name: name, Mode: mode, Size: size, ModTime: epoch(), Format: tar.FormatUSTAR,
	}
}

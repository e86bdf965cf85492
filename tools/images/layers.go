package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/pem"
	"fmt"
	"io"
	"iter"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// file is a file in a layer, or a folder if the path ends with "/". It belongs to root, so the service can read but not
// change it.
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
		file{path: "etc/"},
		file{path: "etc/group", mode: 0o644, content: fmt.Appendf(nil, "root:x:0:\nnonroot:x:%s:\n", id)},
		file{path: "etc/passwd", mode: 0o644, content: fmt.Appendf(nil,
			"root:x:0:0:root:/:/sbin/nologin\nnonroot:x:%s:%s:nonroot:/:/sbin/nologin\n", id, id)},
		// The first file in which Go and most other programs look for CA certificates.
		file{path: "etc/ssl/"}, file{path: "etc/ssl/certs/"},
		file{path: "etc/ssl/certs/ca-certificates.crt", mode: 0o644, content: encode(bundle.Roots())},
	)
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

// newLayer packs files in the given order, and compresses them.
func newLayer(files ...file) (v1.Layer, error) {
	var packed bytes.Buffer

	archive := tar.NewWriter(&packed)

	for _, f := range files {
		header := &tar.Header{
			Typeflag: tar.TypeReg, Name: f.path, Mode: f.mode, Size: int64(len(f.content)), ModTime: epoch(),
			Format: tar.FormatUSTAR,
		}
		if strings.HasSuffix(f.path, "/") {
			header.Typeflag, header.Mode = tar.TypeDir, 0o755
		}

		err := archive.WriteHeader(header)
		if err == nil {
			_, err = archive.Write(f.content)
		}

		if err != nil {
			return nil, fmt.Errorf("packing %s: %w", f.path, err)
		}
	}

	if err := archive.Close(); err != nil {
		return nil, fmt.Errorf("packing a layer: %w", err)
	}

	return tarball.LayerFromOpener(
		func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(packed.Bytes())), nil },
		tarball.WithMediaType(types.OCILayer),
		tarball.WithCompressionLevel(gzip.BestCompression), tarball.WithCompressedCaching,
	)
}

package controlplane

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"time"

	certutil "k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

// identity creates the API server's key, which also signs service account tokens, and its certificate with that of its
// authority, unless they exist. It returns the certificates.
func (f Folder) identity() ([]byte, error) {
	certificates, err := os.ReadFile(f.file("server.crt"))
	if !errors.Is(err, fs.ErrNotExist) {
		return certificates, err
	}

	const years = 10

	// The names are those for this machine, for pods, and those of EKS endpoints.
	certificates, key, err := certutil.GenerateSelfSignedCertKeyWithOptions(certutil.SelfSignedCertKeyOptions{
		Host:         "localhost",
		AlternateIPs: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 0, 0, 1)},
		AlternateDNS: []string{
			"kubernetes", "kubernetes.default", "kubernetes.default.svc", "*.gr7.us-east-1.eks.amazonaws.com",
		},
		MaxAge: years * 365 * 24 * time.Hour,
	})
	if err != nil {
		return nil, fmt.Errorf("creating the API server's certificate: %w", err)
	}

	// The certificate is written last: if it exists, so does its key.
	if err := keyutil.WriteKey(f.file("server.key"), key); err != nil {
		return nil, err
	}

	return certificates, certutil.WriteCert(f.file("server.crt"), certificates)
}

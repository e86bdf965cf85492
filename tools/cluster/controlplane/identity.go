package controlplane

import (
	"crypto/tls"
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
func (f Folder) identity(hosts []string) ([]byte, error) {
	certificates, err := os.ReadFile(f.file("server.crt"))
	if !errors.Is(err, fs.ErrNotExist) {
		return certificates, err
	}

	const years = 10

	// The names are those for this machine, for pods, those of EKS endpoints, and the other hosts.
	certificates, key, err := certutil.GenerateSelfSignedCertKeyWithOptions(certutil.SelfSignedCertKeyOptions{
		Host:         "localhost",
		AlternateIPs: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 0, 0, 1)},
		AlternateDNS: append([]string{
			"kubernetes", "kubernetes.default", "kubernetes.default.svc", "*.gr7.us-east-1.eks.amazonaws.com",
		}, hosts...),
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

// Identity returns the certificate and the key of a folder in which a control plane has started.
func (f Folder) Identity() (tls.Certificate, error) {
	identity, err := tls.LoadX509KeyPair(f.file("server.crt"), f.file("server.key"))
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("reading the API server's certificate: %w", err)
	}

	return identity, nil
}

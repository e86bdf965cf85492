package controlplane

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"time"

	certutil "k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

// hosts returns the names in the API server's certificate: those for this machine, for pods, and those of EKS
// endpoints.
func hosts() []string {
	return []string{
		"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "*.gr7.us-east-1.eks.amazonaws.com",
	}
}

// identity creates the cluster's authority, the API server's certificate and the signing key for service account
// tokens, unless they exist. It returns the authority's certificate.
func (f Folder) identity() ([]byte, error) {
	authority, err := os.ReadFile(f.file("ca.crt"))
	if !errors.Is(err, fs.ErrNotExist) {
		return authority, err
	}

	key, err := newKey(f.file("ca.key"))
	if err != nil {
		return nil, err
	}

	signer, err := certutil.NewSelfSignedCACert(certutil.Config{CommonName: "cluster-ca"}, key)
	if err != nil {
		return nil, fmt.Errorf("creating the cluster's authority: %w", err)
	}

	if _, err := newKey(f.file("service-accounts.key")); err != nil {
		return nil, err
	}

	if err := f.serving(signer, key); err != nil {
		return nil, err
	}

	authority, err = certutil.EncodeCertificates(signer)
	if err != nil {
		return nil, fmt.Errorf("writing the cluster's authority: %w", err)
	}

	if err := certutil.WriteCert(f.file("ca.crt"), authority); err != nil {
		return nil, fmt.Errorf("writing the cluster's authority: %w", err)
	}

	return authority, nil
}

// serving creates the API server's certificate.
func (f Folder) serving(signer *x509.Certificate, signerKey crypto.Signer) error {
	key, err := newKey(f.file("server.key"))
	if err != nil {
		return err
	}

	const serial, years = 2, 10

	certificate, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		Subject:      pkix.Name{CommonName: "kube-apiserver"},
		SerialNumber: big.NewInt(serial),
		DNSNames:     hosts(),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 0, 0, 1)},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().AddDate(years, 0, 0),
		KeyUsage:     x509.KeyUsageKeyEncipherment | x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, signer, key.Public(), signerKey)
	if err != nil {
		return fmt.Errorf("creating the API server's certificate: %w", err)
	}

	parsed, err := x509.ParseCertificate(certificate)
	if err != nil {
		return fmt.Errorf("creating the API server's certificate: %w", err)
	}

	text, err := certutil.EncodeCertificates(parsed)
	if err != nil {
		return fmt.Errorf("writing the API server's certificate: %w", err)
	}

	if err := certutil.WriteCert(f.file("server.crt"), text); err != nil {
		return fmt.Errorf("writing the API server's certificate: %w", err)
	}

	return nil
}

func newKey(file string) (*rsa.PrivateKey, error) {
	const bits = 2048

	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, fmt.Errorf("creating a key: %w", err)
	}

	text, err := keyutil.MarshalPrivateKeyToPEM(key)
	if err != nil {
		return nil, fmt.Errorf("writing a key: %w", err)
	}

	if err := keyutil.WriteKey(file, text); err != nil {
		return nil, fmt.Errorf("writing a key: %w", err)
	}

	return key, nil
}

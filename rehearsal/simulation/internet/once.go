package internet

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"time"
)

// once is a listener with a single connection.
type once struct {
	connection net.Conn
}

// Accept implements net.Listener.
func (o *once) Accept() (net.Conn, error) {
	if o.connection == nil {
		return nil, net.ErrClosed
	}

	connection := o.connection
	o.connection = nil

	return connection, nil
}

// Close implements net.Listener.
func (*once) Close() error { return nil }

// Addr implements net.Listener.
func (*once) Addr() net.Addr { return &net.TCPAddr{} }

// selfSigned makes the certificate of the API servers: no caller checks it, and it lives as long as the process.
func selfSigned() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making the key of the simulated API servers: %w", err)
	}

	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(1, 0, 0)}

	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making the certificate of the simulated API servers: %w", err)
	}

	return tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}, nil
}

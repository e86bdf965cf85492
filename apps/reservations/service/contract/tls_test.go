package contract_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestACertificateThatNobodyVouchesForIsRefused(t *testing.T) {
	t.Parallel()

	certificate, roots := selfSigned(t)
	store := miniredis.NewMiniRedis()
	require.NoError(t, store.StartTLS(&tls.Config{
		Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12,
	}))
	t.Cleanup(store.Close)

	port, err := strconv.Atoi(store.Port())
	require.NoError(t, err)

	// REDIS_TLS is left out: it is on.
	environ := []string{"REDIS_HOST=127.0.0.1", "REDIS_PORT=" + strconv.Itoa(port), "PORT=0", "DRAIN_DELAY=0s"}
	ask := func(url string) int {
		a, err := contracttest.Try(http.DefaultClient, url,
			contracttest.Request(t, http.MethodGet, "/reservations?flight_id=werty", ""))
		require.NoError(t, err)

		return a.Status
	}

	assert.Equal(t, http.StatusServiceUnavailable, ask(contracttest.Process(t, environ)))
	assert.Equal(t, http.StatusOK, ask(contracttest.Process(t, append(environ, "SSL_CERT_FILE="+roots))))
}

// selfSigned makes a certificate for this machine, and a file that vouches for it.
func selfSigned(t *testing.T) (tls.Certificate, string) {
	t.Helper()

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)

	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}

	signed, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)

	file := filepath.Join(t.TempDir(), "roots.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), 0o600))

	return tls.Certificate{Certificate: [][]byte{signed}, PrivateKey: key}, file
}

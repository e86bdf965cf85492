package contract_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/redis/redistest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withTLS returns the variables of a service whose store has TLS. TLS is on by default.
func withTLS(port string, more ...string) []string {
	return append([]string{"REDIS_HOST=127.0.0.1", "REDIS_PORT=" + port, "PORT=0", "DRAIN_DELAY=0s"}, more...)
}

// embedded starts a store with TLS inside the test, and returns the file of its certificate.
func embedded(t *testing.T) (*miniredis.Miniredis, string) {
	t.Helper()

	file := selfSigned(t)
	certificate, err := tls.LoadX509KeyPair(file, file)
	require.NoError(t, err)

	store := miniredis.NewMiniRedis()
	require.NoError(t, store.StartTLS(&tls.Config{
		Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12,
	}))
	t.Cleanup(store.Close)

	return store, file
}

// list lists the seats of a flight, and returns the status.
func list(t *testing.T, url string) int {
	t.Helper()

	a, err := contracttest.Try(http.DefaultClient, url,
		contracttest.Request(t, http.MethodGet, "/reservations?flight_id=werty", ""))
	require.NoError(t, err)

	return a.Status
}

func TestAnUnknownCertificateIsRefused(t *testing.T) {
	t.Parallel()

	store, roots := embedded(t)
	environ := withTLS(store.Port())

	assert.Equal(t, http.StatusServiceUnavailable, list(t, contracttest.Process(t, environ)))
	assert.Equal(t, http.StatusOK, list(t, contracttest.Process(t, append(environ, "SSL_CERT_FILE="+roots))))
}

func TestTheServiceLogsInWithATokenOverTLS(t *testing.T) {
	t.Parallel()

	store, roots := embedded(t)
	store.RequireUserAuth("reserver", "unknown")
	store.Server().SetPreHook(func(_ *server.Peer, command string, arguments ...string) bool {
		if command == "HELLO" && len(arguments) == 4 && strings.HasPrefix(arguments[3], "a-cache/?Action=connect") {
			assert.Contains(t, arguments[3], "User=reserver")
			assert.Contains(t, arguments[3], "X-Amz-Credential=AKIDEXAMPLE%2F")
			store.RequireUserAuth("reserver", arguments[3])
		}

		return false
	})

	assert.Equal(t, http.StatusOK, list(t, contracttest.Process(t, withTLS(store.Port(),
		"SSL_CERT_FILE="+roots, "REDIS_AUTH=iam", "REDIS_USER=reserver", "REDIS_CACHE_NAME=a-cache",
		"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret"))))
}

// After a restart of the store, no request fails because of a connection that the store has closed.
func TestConnectionsThatTheStoreHasClosedAreNotUsed(t *testing.T) {
	t.Parallel()

	roots := selfSigned(t)
	store := redistest.Real(t)
	store.Kill()
	// Without a file to load: Redis would load it after it listens.
	store.Arguments = append(store.Arguments,
		"--appendonly", "no", "--port", "0", "--tls-port", strconv.Itoa(store.Port()),
		"--tls-auth-clients", "no", "--tls-cert-file", roots, "--tls-key-file", roots, "--tls-ca-cert-file", roots)
	store.Start(t)

	url := contracttest.Process(t, withTLS(strconv.Itoa(store.Port()), "SSL_CERT_FILE="+roots))

	t.Log("a crowd opens connections while the store hangs")
	store.Signal(t, syscall.SIGSTOP)

	var all sync.WaitGroup

	for range crowd {
		all.Go(func() { assert.Equal(t, http.StatusOK, list(t, url)) })
	}

	require.Eventually(t, func() bool {
		a, err := contracttest.Try(http.DefaultClient, url, contracttest.Request(t, http.MethodGet, "/metrics", ""))

		return err == nil && strings.Contains(a.Body, fmt.Sprintf("http_requests_in_flight %d\n", crowd+1))
	}, patience, tick, "waiting for the crowd")
	store.Signal(t, syscall.SIGCONT)
	all.Wait()

	store.Kill()
	store.Start(t)

	for range crowd {
		assert.Equal(t, http.StatusOK, list(t, url))
	}
}

// selfSigned returns a file with a certificate for 127.0.0.1 and its key.
func selfSigned(t *testing.T) string {
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

	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)

	file := filepath.Join(t.TempDir(), "roots.pem")
	require.NoError(t, os.WriteFile(file, slices.Concat(
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
	), 0o600))

	return file
}

// Package github stands in for the host of a Git repository: an HTTPS proxy that serves one local bare repository for
// every path of the allowed host.
package github

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/http/cgi" //nolint:gosec // the vulnerability was fixed in Go 1.6.3
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	certutil "k8s.io/client-go/util/cert"
)

// Host is the only allowed host.
const Host = "github.com"

// patience is the time limit for reading a request's header.
const patience = 10 * time.Second

// Proxy is a running proxy on a free port of the loopback interface.
type Proxy struct {
	identity  tls.Certificate
	authority []byte
	listener  net.Listener
	server    *http.Server
	git       http.Handler
}

// Serve serves a bare repository until it is closed.
func Serve(ctx context.Context, repository string) (*Proxy, error) {
	backend, err := backend(ctx, repository)
	if err != nil {
		return nil, err
	}

	certificates, key, err := certutil.GenerateSelfSignedCertKey(Host, nil, nil)
	if err != nil {
		return nil, fmt.Errorf("creating the certificate of %s: %w", Host, err)
	}

	identity, err := tls.X509KeyPair(certificates, key)
	if err != nil {
		return nil, fmt.Errorf("creating the certificate of %s: %w", Host, err)
	}

	var sockets net.ListenConfig

	listener, err := sockets.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}

	p := &Proxy{identity: identity, authority: certificates, listener: listener, git: backend}
	p.server = &http.Server{Handler: http.HandlerFunc(p.connect), ReadHeaderTimeout: patience}
	// Serve returns when Close stops the server, and its error has no other information.
	go func() { _ = p.server.Serve(listener) }()

	return p, nil
}

// URL returns the value for HTTPS_PROXY.
func (p *Proxy) URL() string { return "http://" + p.listener.Addr().String() }

// Authority returns the certificates of the host and of its authority, as PEM.
func (p *Proxy) Authority() []byte { return p.authority }

// Close stops the proxy.
func (p *Proxy) Close() { _ = p.server.Close() }

// backend returns a handler that runs git http-backend.
func backend(ctx context.Context, repository string) (http.Handler, error) {
	folder, err := exec.CommandContext(ctx, "git", "--exec-path").Output()
	if err != nil {
		return nil, fmt.Errorf("looking for git: %w", err)
	}

	served := &cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(folder)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + filepath.Dir(repository), "GIT_HTTP_EXPORT_ALL=1"},
		// The folder may belong to another user: it is only read.
		InheritEnv: []string{"PATH", "HOME", "GIT_CONFIG_GLOBAL"},
	}
	name := "/" + filepath.Base(repository)

	return http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		for _, service := range []string{"/info/refs", "/git-upload-pack"} {
			if strings.HasSuffix(request.URL.Path, service) {
				request.URL.Path = name + service
				served.ServeHTTP(response, request)

				return
			}
		}

		http.NotFound(response, request)
	}), nil
}

// connect handles a CONNECT request.
func (p *Proxy) connect(response http.ResponseWriter, request *http.Request) {
	host, _, _ := strings.Cut(request.Host, ":")

	if request.Method != http.MethodConnect || host != Host {
		http.Error(response, "this proxy does not reach "+host, http.StatusBadGateway)

		return
	}

	connection, _, err := http.NewResponseController(response).Hijack()
	if err != nil {
		http.Error(response, err.Error(), http.StatusInternalServerError)

		return
	}

	if _, err := connection.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		_ = connection.Close() // the client is gone

		return
	}

	accepted := make(once, 1)
	accepted <- tls.Server(connection, &tls.Config{
		Certificates: []tls.Certificate{p.identity}, MinVersion: tls.VersionTLS12,
	})

	close(accepted)

	_ = (&http.Server{Handler: p.git, ReadHeaderTimeout: patience}).Serve(accepted)
}

// once is a listener with the connections in a closed channel.
type once chan net.Conn

// Accept returns the next connection.
func (o once) Accept() (net.Conn, error) {
	if connection, ok := <-o; ok {
		return connection, nil
	}

	return nil, net.ErrClosed
}

// Close does not close the connection, which belongs to the server.
func (once) Close() error { return nil }

// Addr returns no address, because clients do not connect to this listener.
func (once) Addr() net.Addr { return &net.TCPAddr{} }

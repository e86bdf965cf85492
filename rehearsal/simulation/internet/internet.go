// Package internet is what answers at the host names that the simulated account gives out: a proxy, which knows the
// API servers of the account's clusters and no other host. Whatever asks through it reaches nothing else.
package internet

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// typeCluster is that of EKS clusters.
const typeCluster = "aws:eks/cluster:Cluster"

// address is where the rehearsal asks from, as clusters see it: one for documentation (RFC 5737), which is nobody's.
const address = "192.0.2.1"

// patience is how long a caller may take to say what it wants.
const patience = 10 * time.Second

// Proxy is a running proxy, on a free port of the loopback interface.
type Proxy struct {
	account  *account.Account
	identity tls.Certificate
	// real is behind every cluster's endpoint, where there is one.
	real     *apiserver.Server
	listener net.Listener
	server   *http.Server
}

// Serve starts a proxy to what is in the account. Behind the endpoints of clusters is the real API server, or where
// that is nil, one that tells its health.
func Serve(acct *account.Account, server *apiserver.Server) (*Proxy, error) {
	identity, err := selfSigned()
	if err != nil {
		return nil, err
	}

	var sockets net.ListenConfig

	listener, err := sockets.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the simulated internet: %w", err)
	}

	proxy := &Proxy{account: acct, identity: identity, real: server, listener: listener}
	proxy.server = &http.Server{Handler: http.HandlerFunc(proxy.connect), ReadHeaderTimeout: patience}
	// Serve returns when Close stops the server, and its error says only that.
	go func() { _ = proxy.server.Serve(listener) }()

	return proxy, nil
}

// URL is the value of HTTPS_PROXY.
func (p *Proxy) URL() string { return "http://" + p.listener.Addr().String() }

// Close stops the proxy.
func (p *Proxy) Close() error {
	if err := p.server.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("stopping the simulated internet: %w", err)
	}

	return nil
}

// connect answers the request for a tunnel. A host that does not let the caller in never answers on AWS; here the
// tunnel is refused, to the same end.
func (p *Proxy) connect(response http.ResponseWriter, request *http.Request) {
	host, _, _ := strings.Cut(request.Host, ":")

	switch {
	case request.Method != http.MethodConnect:
		http.Error(response, "only tunnels are simulated", http.StatusMethodNotAllowed)
	case !p.reaches(host):
		http.Error(response, "nothing that is reached from here answers at "+host, http.StatusGatewayTimeout)
	case p.real != nil:
		p.pass(response, request)
	default:
		p.tunnel(response, host)
	}
}

// Cluster finds the cluster of an account whose API server is at a host. Callers may write a host in small letters.
func Cluster(acct *account.Account, host string) (account.Resource, bool) {
	found := acct.Find(func(held account.Resource) bool {
		return held.Type == typeCluster && strings.EqualFold(held.Text("endpoint"), "https://"+host)
	})
	if len(found) == 0 {
		return account.Resource{}, false
	}

	return found[0], true
}

// reaches reports whether a cluster of the account has its API server at the host, and lets the rehearsal in.
func (p *Proxy) reaches(host string) bool {
	held, there := Cluster(p.account, host)
	public := there && slices.Contains(property.At(held.Outputs, "vpcConfig.endpointPublicAccess"), any(true))

	return public && slices.ContainsFunc(property.Texts(held.Outputs, "vpcConfig.publicAccessCidrs"), lets)
}

// lets reports whether the rehearsal's address is within a range.
func lets(cidr string) bool {
	prefix, err := netip.ParsePrefix(cidr)

	return err == nil && prefix.Contains(netip.MustParseAddr(address))
}

// pass gives the caller a connection to the real API server, who says itself who it is.
func (p *Proxy) pass(response http.ResponseWriter, request *http.Request) {
	server, err := p.real.Dial(request.Context())
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadGateway)

		return
	}
	defer server.Close()

	caller, err := accept(response)
	if err != nil {
		return // the caller is gone
	}
	defer caller.Close()

	go func() { _, _ = io.Copy(server, caller); _ = server.Close() }()

	_, _ = io.Copy(caller, server) // one of them has ended it
}

// accept tells the caller that the tunnel is there, and returns its end.
func accept(response http.ResponseWriter) (net.Conn, error) {
	connection, _, err := http.NewResponseController(response).Hijack()
	if err != nil {
		return nil, fmt.Errorf("taking the caller's connection: %w", err)
	}

	if _, err := connection.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		_ = connection.Close() // nobody is there

		return nil, fmt.Errorf("answering the caller: %w", err)
	}

	return connection, nil
}

// tunnel gives the caller a connection to the simulated API server.
func (p *Proxy) tunnel(response http.ResponseWriter, host string) {
	connection, err := accept(response)
	if err != nil {
		return // the caller is gone
	}

	secured := tls.Server(connection, &tls.Config{
		Certificates: []tls.Certificate{p.identity}, MinVersion: tls.VersionTLS12,
	})
	// It serves this one connection, and ends with it.
	server := &http.Server{Handler: apiServer(host), ReadHeaderTimeout: patience}
	_ = server.Serve(&once{connection: secured, address: p.listener.Addr()})
}

// apiServer answers as a cluster's API server answers somebody whom it does not know.
func apiServer(host string) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", func(response http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(response, "ok")
	})
	routes.HandleFunc("/", func(response http.ResponseWriter, _ *http.Request) {
		http.Error(response, "the API server at "+host+" is simulated: it tells its health, and nothing else",
			http.StatusUnauthorized)
	})

	return routes
}

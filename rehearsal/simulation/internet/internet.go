// Package internet answers at the host names that the simulated account gives out: a proxy that knows the API servers
// of the account's clusters and no other host. Programs that use the proxy reach nothing else.
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

const (
	typeCluster = "aws:eks/cluster:Cluster"
	// address is the rehearsal's own as clusters see it: one for documentation (RFC 5737).
	address = "192.0.2.1"
	// patience is how long a caller may take to send its request.
	patience = 10 * time.Second
)

// Proxy is a running proxy, on a free port of the loopback interface.
type Proxy struct {
	account *account.Account
	// answer serves a cluster's endpoint: the live control plane's, or a simulated one.
	answer   func(response http.ResponseWriter, request *http.Request, host string)
	listener net.Listener
	server   *http.Server
}

// Serve starts a proxy to the account's clusters. Behind their endpoints is the live control plane or, if that is nil,
// a simulated one that reports its health.
func Serve(acct *account.Account, control *apiserver.Server) (*Proxy, error) {
	var sockets net.ListenConfig

	listener, err := sockets.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the simulated internet: %w", err)
	}

	proxy := &Proxy{account: acct, listener: listener}
	proxy.server = &http.Server{Handler: http.HandlerFunc(proxy.connect), ReadHeaderTimeout: patience}

	if control != nil {
		proxy.answer = live(control)
	} else if proxy.answer, err = simulated(); err != nil {
		return nil, err
	}

	// Serve returns when Close stops the server; its error contains nothing else.
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

// connect answers the request for a tunnel. On AWS, a host that does not admit the caller never answers; here the
// tunnel is refused, to the same end.
func (p *Proxy) connect(response http.ResponseWriter, request *http.Request) {
	host, _, _ := strings.Cut(request.Host, ":")

	switch {
	case request.Method != http.MethodConnect:
		http.Error(response, "the simulated internet has tunnels only: use CONNECT", http.StatusMethodNotAllowed)
	case !p.reaches(host):
		http.Error(response, "no cluster that admits "+address+" answers at "+host, http.StatusGatewayTimeout)
	default:
		p.answer(response, request, host)
	}
}

// Cluster finds the cluster of an account whose API server is at a host, whose case does not matter.
func Cluster(acct *account.Account, host string) (account.Resource, bool) {
	found := acct.Find(func(held account.Resource) bool {
		return held.Type == typeCluster && strings.EqualFold(held.Text("endpoint"), "https://"+host)
	})
	if len(found) == 0 {
		return account.Resource{}, false
	}

	return found[0], true
}

// reaches reports whether a cluster of the account has its API server at the host, and admits the rehearsal.
func (p *Proxy) reaches(host string) bool {
	cluster, exists := Cluster(p.account, host)
	public := exists && slices.Contains(property.At(cluster.Outputs, "vpcConfig.endpointPublicAccess"), any(true))

	return public && slices.ContainsFunc(cluster.Texts("vpcConfig.publicAccessCidrs"), func(cidr string) bool {
		prefix, err := netip.ParsePrefix(cidr)

		return err == nil && prefix.Contains(netip.MustParseAddr(address))
	})
}

// live connects callers to the live control plane, which proves its own identity.
func live(control *apiserver.Server) func(http.ResponseWriter, *http.Request, string) {
	return func(response http.ResponseWriter, request *http.Request, _ string) {
		server, err := control.Dial(request.Context())
		if err != nil {
			http.Error(response, err.Error(), http.StatusBadGateway)

			return
		}
		defer server.Close()

		caller, err := accept(response)
		if err != nil {
			return // the caller has left
		}
		defer caller.Close()

		go func() { _, _ = io.Copy(server, caller); _ = server.Close() }()

		_, _ = io.Copy(caller, server) // either side has ended the connection
	}
}

// accept confirms the tunnel to the caller, and returns its end.
func accept(response http.ResponseWriter) (net.Conn, error) {
	connection, _, err := http.NewResponseController(response).Hijack()
	if err != nil {
		return nil, fmt.Errorf("taking over the caller's connection: %w", err)
	}

	if _, err := connection.Write([]byte("HTTP/1.1 200 Connection established\r\n\r\n")); err != nil {
		_ = connection.Close() // the caller has left

		return nil, fmt.Errorf("answering the caller: %w", err)
	}

	return connection, nil
}

// simulated connects callers to a simulated API server.
func simulated() (func(http.ResponseWriter, *http.Request, string), error) {
	identity, err := selfSigned()
	if err != nil {
		return nil, err
	}

	return func(response http.ResponseWriter, _ *http.Request, host string) {
		connection, err := accept(response)
		if err != nil {
			return // the caller has left
		}

		secured := tls.Server(connection, &tls.Config{
			Certificates: []tls.Certificate{identity}, MinVersion: tls.VersionTLS12,
		})
		// The server serves this one connection, and ends with it.
		server := &http.Server{Handler: apiServer(host), ReadHeaderTimeout: patience}
		_ = server.Serve(&once{connection: secured})
	}, nil
}

// apiServer answers as a cluster's API server answers an unknown caller.
func apiServer(host string) http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", func(response http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(response, "ok")
	})
	routes.HandleFunc("/", func(response http.ResponseWriter, _ *http.Request) {
		http.Error(response, "the API server at "+host+" is simulated: it answers GET /healthz only",
			http.StatusUnauthorized)
	})

	return routes
}
